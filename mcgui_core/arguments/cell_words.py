"""Words in the cells of a file that mean no value, or true, or false; also in German, French, Spanish and Italian."""

from __future__ import annotations

from typing import Final

#: How programs write that there is no value. In a column of text all but the empty cell are text.
MISSING: Final = frozenset({"", "NA", "N/A", "n/a", "#N/A", "#NV", "NULL", "null", "None", "NaT", "<NA>"})
#: Words by which a column is found to be one of yes and no. "yes" and "no" are not among them: "NO" may be Norway.
TRUTH_FOUND: Final = {"true": True, "false": False}
#: What is read where the user says so; Excel writes true and false in its user's language.
TRUTH_SAID: Final = dict.fromkeys(
    ("true", "t", "yes", "y", "on", "1", "1.0", "wahr", "ja", "vrai", "oui", "verdadero", "vero"), True
) | dict.fromkeys(
    ("false", "f", "no", "n", "off", "0", "0.0", "falsch", "nein", "faux", "non", "falso"), False
)  # fmt: skip
