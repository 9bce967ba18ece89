"""The filters of file dialogs, as Qt has them: "CSV file (*.csv *.tsv)"."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable


def file_filter(name: str, endings: Iterable[str]) -> str:
    """The filter of a kind of files with these endings, such as ".csv"; in capitals too, where a desktop's own dialog
    tells these apart and would hide what a camera or an instrument wrote."""
    found = tuple(endings)
    if os.path.normcase("A") == "A" and sys.platform != "darwin":
        found += tuple(ending.upper() for ending in found)
    return f"{name} ({' '.join(f'*{ending}' for ending in found)})"
