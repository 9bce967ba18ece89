"""Signs that numbers bear in tables: of percent, and of currencies, as spreadsheets write them.

A column of such cells is found to be text: 12 % may be meant as 12, or as 0.12. Who says that they are numbers has them
as the spreadsheet does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

_CURRENCIES: Final = "€$£¥₹"
#: "12,5 %", "1.234,50 €", "-$5.00": a minus may stand before the sign.
_BEHIND: Final = re.compile(rf"(.*?[0-9.,])\s*([%{_CURRENCIES}])\s*", re.DOTALL)
_BEFORE: Final = re.compile(rf"\s*([-+\u2212]?)([{_CURRENCIES}])\s*(\S.*)", re.DOTALL)


def bare(cell: str) -> str:
    """The number without its sign."""
    return _divided(cell)[0]


def signed(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Reads a number as `read` does, with or without a sign; 12.5 % are 0.125, as in the cell of the spreadsheet."""

    def value(cell: str) -> Any:
        number, sign = _divided(cell)
        found = read(number)
        if sign != "%" or found is None:
            return found
        return float(Decimal(repr(found)).scaleb(-2))  # 5.7 % are 0.057, and not what a division makes of it

    return value


def _divided(cell: str) -> tuple[str, str]:
    """The number and its sign."""
    if match := _BEHIND.fullmatch(cell):
        return match[1], match[2]
    if match := _BEFORE.fullmatch(cell):
        return match[1] + match[3], match[2]
    return cell, ""
