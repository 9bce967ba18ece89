"""Numbers of bytes as people write them: "2 GB", "500MB", 1048576."""

from __future__ import annotations

import re

from mcgui_core.errors import BadInput

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}


def parse_bytes(value: int | str) -> int:
    """The number of bytes. Raises BadInput."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", str(value).lower())
    if found is None or found[2] not in _UNITS or float(found[1]) * _UNITS[found[2]] < 1:
        raise BadInput(f"{value!r} is no amount of memory or of disk. Write it as 2 GB, 500 MB, or a number of bytes.")
    return int(float(found[1]) * _UNITS[found[2]])
