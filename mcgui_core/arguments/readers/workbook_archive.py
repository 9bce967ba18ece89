"""What a workbook of Excel is packed as, looked at before anything in it is read."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from mcgui_core.errors import ArgumentsInvalid

#: Bytes that a part may unpack to, however it is packed. A sheet of a million rows and twenty columns has some 1e9.
MOST_BYTES: Final = 4 << 30
#: Bytes that it may unpack to where it is packed more densely than tables are: to a 13th where each cell says its
#: place, to a 190th where none does and all are empty.
MOST_DENSE_BYTES: Final = 50 << 20
DENSE: Final = 250
#: Where the part that names the sheets says that it is written in the strict form, which openpyxl reads no sheets in.
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_NAMES_SHEETS: Final = "xl/workbook.xml"
_BEGINNING: Final = 4096


def check_archive(path: Path) -> None:
    """Raises ArgumentsInvalid for one that takes all memory when it is read, and for one in the strict form.

    Raises zipfile.BadZipFile and OSError, too.
    """
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            dense = part.file_size > DENSE * min(part.compress_size, size)
            if part.file_size > (MOST_DENSE_BYTES if dense else MOST_BYTES):
                raise ArgumentsInvalid(
                    f"{path.name} unpacks to {part.file_size >> 20:,} MB ({part.filename}), as no table does: "
                    "it could take all memory.",
                    "Save the sheet as CSV.",
                )
        if _NAMES_SHEETS not in archive.namelist():
            return
        with archive.open(_NAMES_SHEETS) as sheets:
            if _STRICT in sheets.read(_BEGINNING):
                raise ArgumentsInvalid(
                    f"{path.name} is saved as a Strict Open XML Spreadsheet.",
                    "Save it as an ordinary Excel Workbook (.xlsx), or the sheet as CSV.",
                )
