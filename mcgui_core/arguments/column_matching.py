"""Which column is passed as which parameter where nobody says it: names are compared as people read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mcgui_core.arguments.column_renaming import ColumnNames

_DIVIDERS = re.compile(r"[\s_-]+")


def default_names(columns: Sequence[str], unnamed: Sequence[str], parameters: Sequence[str]) -> ColumnNames:
    """The columns that are passed under another name than their own, and as which; "" for one that is left out.

    "Label", "Start time" and "start-time" are passed as the parameters label and start_time, where there are such, and
    where that is said by one column only. A column that the file does not name is left out: it is the row's number,
    as pandas writes it.
    """
    often = Counter(map(_alike, columns))
    taken = set(columns)
    by_reading: dict[str, str] = {}
    for parameter in parameters:
        alike = _alike(parameter)
        by_reading[alike] = "" if alike in by_reading else parameter  # two that read alike: neither is meant
    names = []
    for column in columns:
        if column in unnamed:
            names.append((column, ""))
            continue
        parameter = by_reading.get(_alike(column), "")
        if column not in parameters and parameter and parameter not in taken and often[_alike(column)] == 1:
            names.append((column, parameter))
    return tuple(names)


def _alike(name: str) -> str:
    return _DIVIDERS.sub("", name).casefold()
