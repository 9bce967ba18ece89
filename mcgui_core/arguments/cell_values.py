"""What a cell of text means: a number, nothing, or the text itself."""

from __future__ import annotations

import math


def converted(cell: str) -> int | float | str | None:
    """A cell's value: a number where it is written as one, None where it is empty, else the text itself."""
    if not cell:
        return None
    if cell[0].isalpha() and cell.lower() not in ("nan", "inf"):
        return cell  # most texts; and float() would take "infinity" for a number
    digits = cell.strip().lstrip("+-")
    if "_" in cell or (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()):
        return cell
    try:
        return int(cell)
    except ValueError:
        pass  # no whole number, or one of more digits than Python reads
    try:
        number = float(cell)
    except ValueError:
        return cell
    return cell if math.isinf(number) and digits[:1].isdigit() else number
