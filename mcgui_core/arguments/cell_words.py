"""Words in the cells of a file that mean no value, or true, or false; also in German, French, Spanish and Italian."""

from __future__ import annotations

from typing import Final

#: How programs write that there is no value. In a column of text all but the empty cell are text.
MISSING: Final = frozenset({"", "NA", "N/A", "n/a", "#N/A", "#NV", "NULL", "null", "None", "NaT", "<NA>"})
#: Words by which a column is found to be one of yes and no: as programs write them, and Excel in its user's language.
#: "yes" and "no" are not among them: "NO" may be Norway.
TRUTH_FOUND: Final = dict.fromkeys(("true", "wahr", "vrai", "verdadero", "vero"), True) | dict.fromkeys(
    ("false", "falsch", "faux", "falso"), False
)
#: Those that are a name as well, where nothing else stands in the column; Excel writes VERO.
NAMES_TOO: Final = frozenset({"Vero"})
#: What is read where the user says so.
TRUTH_SAID: Final = (
    TRUTH_FOUND
    | dict.fromkeys(("t", "yes", "y", "on", "1", "1.0", "ja", "oui"), True)
    | dict.fromkeys(("f", "no", "n", "off", "0", "0.0", "nein", "non"), False)
)
