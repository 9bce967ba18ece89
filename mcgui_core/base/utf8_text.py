"""Text that UTF-8 can hold.

Names of files, messages of exceptions and what tasks print may hold halves of surrogate pairs (`"caf\\udce9.txt"`),
which have no UTF-8: no database, file or terminal takes them. They are written as they look in source, with a
backslash.
"""

from __future__ import annotations


def utf8_text(text: str) -> str:
    """The text itself, or with `\\udce9` in six characters where it has that in one."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
