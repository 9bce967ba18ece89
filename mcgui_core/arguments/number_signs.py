"""Signs that numbers bear in tables: of percent, and of currencies, as spreadsheets write them.

A column of such cells is found to be text: 12 % may be meant as 12, or as 0.12. Who says that they are numbers has them
as the spreadsheet does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from mcgui_core.arguments.known_cells import KnownNumber
from mcgui_core.arguments.number_formats import (
    COMMA,
    GROUPED,
    PLAIN,
    Misfit,
    NumberFormat,
    best_format,
    decimal_marks,
    in_two_ways,
    is_settled,
    is_unsure,
)

_CURRENCIES: Final = "[€$£¥₹]|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|KRW|MXN|NOK|NZD|PLN|SEK|TRY|USD|ZAR"
#: "12,5 %", "1.234,50 €", "1.234,50 EUR", "-$5.00": a minus may stand before the sign.
_BEHIND: Final = re.compile(rf"(.*?[0-9.,])\s*(%|{_CURRENCIES})\s*", re.DOTALL)
_BEFORE: Final = re.compile(rf"\s*([-+\u2212]?)({_CURRENCIES})\s*(\S.*)", re.DOTALL)


def said_numbers(
    cells: Sequence[str], delimiter: str, commas: bool
) -> tuple[Callable[[str], Any], re.Pattern[str] | None]:
    """What reads the cells of a column of which these are a sample, and a pattern of those that it surely reads.

    With or without a sign; 12.5 % are 0.125, as in the cell of the spreadsheet. A cell that can be read in two ways is
    refused where nothing says which (`number_formats.Misfit`), and so is one of another unit than most. `commas` as
    for `best_format`.
    """
    texts = [cell for cell in cells if not isinstance(cell, KnownNumber)]
    numbers = [_divided(cell)[0] for cell in texts]
    form = best_format(numbers, delimiter, commas)
    settled = is_settled(form, numbers, delimiter, commas)
    told = decimal_marks(numbers)
    decimal = "," if commas or delimiter == ";" else "." if delimiter == "," else ""
    units = _units(texts)

    def form_of(number: str, sign: str) -> NumberFormat:
        if (settled and not sign) or not is_unsure(number):
            return form
        if sign in ("", "%") or told:
            if settled:
                return form
        elif not decimal or decimal not in number:  # $1,234 is no price of three decimals
            return GROUPED if "," in number else COMMA
        raise in_two_ways(number)

    def value(cell: str) -> Any:
        if isinstance(cell, KnownNumber):
            return PLAIN.value(cell)
        number, sign = _divided(cell)
        if sign not in units:
            raise _of_another_unit(units)
        found = form_of(number, sign).value(number)
        if sign != "%":
            return found
        return float(Decimal(repr(found)).scaleb(-2))  # 5.7 % are 0.057, and not what a division makes of it

    return value, form.surely if settled and "" in units else None


def has_sign(cell: str) -> bool:
    """Whether the cell is a number, however it is written, with a sign of percent or of a currency."""
    number, sign = _divided(cell)
    return bool(sign) and any(form.fits(number) for form in (PLAIN, COMMA, GROUPED))


def _units(cells: Sequence[str]) -> frozenset[str]:
    """The signs that cells of this column may bear: percent is for all or none, a currency may be left out."""
    signs = Counter(_divided(cell)[1] for cell in cells)
    if signs and signs.most_common(1)[0][0] == "%":
        return frozenset("%")
    currencies = [sign for sign, _ in signs.most_common() if sign not in ("", "%")]
    return frozenset(["", *currencies[:1]])


def _of_another_unit(units: frozenset[str]) -> Misfit:
    shown = "".join(units)
    return Misfit(f"is of another unit than other cells ({shown})" if shown else "has a unit, and other cells none")


def _divided(cell: str) -> tuple[str, str]:
    """The number and its sign."""
    if match := _BEHIND.fullmatch(cell):
        return match[1], match[2]
    if match := _BEFORE.fullmatch(cell):
        return match[1] + match[3], match[2]
    return cell, ""
