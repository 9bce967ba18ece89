"""Signs that numbers bear in tables: of percent, and of currencies, as spreadsheets write them.

A column of such cells is found to be text: 12 % may be meant as 12, or as 0.12. Who says that they are numbers has them
as the spreadsheet does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from mcgui_core.arguments.known_cells import KnownNumber
from mcgui_core.arguments.number_formats import PLAIN, best_format, in_two_ways, is_settled, is_unsure

_CURRENCIES: Final = "€$£¥₹"
#: "12,5 %", "1.234,50 €", "-$5.00": a minus may stand before the sign.
_BEHIND: Final = re.compile(rf"(.*?[0-9.,])\s*([%{_CURRENCIES}])\s*", re.DOTALL)
_BEFORE: Final = re.compile(rf"\s*([-+\u2212]?)([{_CURRENCIES}])\s*(\S.*)", re.DOTALL)


def said_numbers(
    cells: Sequence[str], delimiter: str, commas: bool
) -> tuple[Callable[[str], Any], re.Pattern[str] | None]:
    """What reads the cells of a column of which these are a sample, and a pattern of those that it surely reads.

    With or without a sign; 12.5 % are 0.125, as in the cell of the spreadsheet. A cell that can be read in two ways is
    refused where nothing says which (`number_formats.Misfit`). `commas` as for `best_format`.
    """
    texts = [cell for cell in cells if not isinstance(cell, KnownNumber)]
    numbers = [_divided(cell)[0] for cell in texts]
    form = best_format(numbers, delimiter, commas)
    settled = is_settled(form, numbers, delimiter, commas)

    def value(cell: str) -> Any:
        if isinstance(cell, KnownNumber):
            return PLAIN.value(cell)
        number, sign = _divided(cell)
        if not settled and is_unsure(number):
            raise in_two_ways(number)
        found = form.value(number)
        if sign != "%":
            return found
        return float(Decimal(repr(found)).scaleb(-2))  # 5.7 % are 0.057, and not what a division makes of it

    return value, form.surely if settled else None


def _divided(cell: str) -> tuple[str, str]:
    """The number and its sign."""
    if match := _BEHIND.fullmatch(cell):
        return match[1], match[2]
    if match := _BEFORE.fullmatch(cell):
        return match[1] + match[3], match[2]
    return cell, ""
