"""Moments as numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seconds_of(moment: datetime) -> float:
    """Seconds since 1970; a moment without a zone is taken as it stands."""
    return ((moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH).total_seconds()
