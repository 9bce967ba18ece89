"""Bytes that are named in a message, and lie elsewhere."""

from __future__ import annotations

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.field_limits import Name, Whole


@message
class Stored:
    """Bytes that lie in a file of the master's store: for who can read that, in the place of the bytes themselves."""

    name: Name  # of the file
    start: Whole
    size: Whole

    def __len__(self) -> int:
        return self.size


@message
class Content:
    """Bytes that are known by what they are: the master has them once, and each node, however many jobs need them."""

    sha256: Name  # hexadecimal
    size: Whole

    def __len__(self) -> int:
        return self.size
