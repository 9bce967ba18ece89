"""Which column is passed as which parameter where nobody says it: names are compared as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from mcgui_core.arguments.column_renaming import ColumnNames, rename_preview
from mcgui_core.protocol.messages import ArgumentsPreview

_DIVIDERS = re.compile(r"[\s_-]+")
#: At the end of a name, in brackets: "Mass [mg]", "Length (m)".
_UNIT = re.compile(r"(.*\S)\s*(?:\[([^][]*)\]|\(([^()]*)\))\s*", re.DOTALL)
#: Letters that people write as two where a name has to do without them.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe"})


def passed_names(
    columns: Sequence[str], unnamed: Sequence[str], parameters: Sequence[str], said: ColumnNames
) -> ColumnNames:
    """As `default_names`, with what the user said, which comes first: no other column is passed as that parameter."""
    given = dict(said)
    free = [name for name in parameters if name not in given.values()]
    return tuple((dict(default_names(columns, unnamed, free)) | given).items())


def passed_preview(preview: ArgumentsPreview, parameters: Sequence[str], said: ColumnNames) -> ArgumentsPreview:
    """A preview of a file, made without any names said, with its columns as they are passed to a function."""
    unnamed = [field for field in preview.fields if field not in preview.columns]
    return rename_preview(preview, passed_names(preview.fields, unnamed, parameters, said))


def default_names(columns: Sequence[str], unnamed: Sequence[str], parameters: Sequence[str]) -> ColumnNames:
    """The columns that are passed under another name than their own, and as which; "" for one that is left out.

    "Label", "Start time", "Größe" and "Mass [mg]" are passed as the parameters label, start_time, groesse, and mass or
    mass_mg, where there are such, and where that is said by one column only. Of the columns
    without a name, those `unnamed` are left out: row numbers, as pandas writes them, and comments.
    """
    taken = set(columns)
    names = []
    found = _found(columns, parameters, _alike)
    often = Counter(map(_alike, columns))
    for read in (_without_accents, _with_unit, _without_unit):
        left = [column for column in columns if column not in found and often[_alike(column)] == 1]
        found |= _found(left, [name for name in parameters if name not in found.values()], read)
    for column in columns:
        if column in unnamed:
            names.append((column, ""))
            continue
        parameter = found.get(column, "")
        if column not in parameters and parameter and parameter not in taken:
            names.append((column, parameter))
    return tuple(names)


def _found(columns: Sequence[str], parameters: Sequence[str], read: Callable[[str], str]) -> dict[str, str]:
    """The parameter that each column reads like, where no other column and no other parameter does."""
    often = Counter(map(read, columns))
    by_reading: dict[str, str] = {}
    for parameter in parameters:
        by_reading[read(parameter)] = "" if read(parameter) in by_reading else parameter
    return {
        column: parameter
        for column in columns
        if often[read(column)] == 1 and (parameter := by_reading.get(read(column), ""))
    }


def _alike(name: str) -> str:
    """ "Größe" is read as groesse."""
    name = unicodedata.normalize("NFC", name).lower().translate(_WRITTEN_OUT)
    return _without_accents(name)


def _without_accents(name: str) -> str:
    """ "Größe" is read as grosse, "Température" as temperature."""
    apart = unicodedata.normalize("NFKD", _DIVIDERS.sub("", name).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _with_unit(name: str) -> str:
    """ "Mass [mg]" is read as mass_mg."""
    match = _UNIT.fullmatch(name)
    return _alike(f"{match[1]} {match[2] or match[3] or ''}" if match else name)


def _without_unit(name: str) -> str:
    """ "Mass [mg]" is read as mass."""
    match = _UNIT.fullmatch(name)
    return _alike(match[1] if match else name)
