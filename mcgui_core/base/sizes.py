"""Numbers of bytes as people write them: "2 GB", "500MB", 1048576."""

from __future__ import annotations

import re

from mcgui_core.errors import BadInput

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_SIZES = ("bytes", "KB", "MB", "GB", "TB", "PB")
#: No disk holds more, and no column of the journal.
_MOST = (1 << 63) - 1


def parse_bytes(value: int | str) -> int:
    """The number of bytes. Raises BadInput."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST:
        return value
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", value.lower()) if isinstance(value, str) else None
    size = _number(found[1]) * _UNITS.get(found[2], 0) if found is not None else 0
    if not 1 <= size <= _MOST:
        shown = repr(value) if isinstance(value, str) else f"A number of {type(value).__name__}"
        raise BadInput(f"{shown} is no amount of memory or of disk. Write it as 2 GB, 500 MB, or a number of bytes.")
    return round(size)


def bytes_text(number: float) -> str:
    """A size in powers of 1000, as disks and networks are labelled: "412 bytes", "1.2 GB"."""
    for unit in _SIZES:
        if number < 999.5 or unit == _SIZES[-1]:
            break
        number /= 1000
    if unit == "bytes" or number >= 99.95:
        return f"{number:,.0f} {unit}"
    return f"{number:.1f} {unit}"


def _number(text: str) -> float:
    """Exact where it is whole: nobody's 9,007,199,254,740,993 bytes become one less."""
    return int(text) if len(text) < 20 and "." not in text else float(text)
