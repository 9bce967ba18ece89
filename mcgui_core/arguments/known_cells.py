"""Cells of which the file itself says what they are, as a workbook does: text like all cells, with this said of it."""

from __future__ import annotations


class KnownNumber(str):
    """A number as Python writes it, whatever the texts beside it look like."""

    __slots__ = ()


class KnownMoment(str):
    """A date and time in ISO 8601; at midnight a date alone, as nothing tells one from the other."""

    __slots__ = ()
