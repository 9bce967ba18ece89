"""Calls to a master as they travel: typed data (MessagePack), which nobody can make run anything."""

import os
import sys

#: Modules that the rest of the house uses.
__all__: list[str] = ["call_codec", "wire_types"]


def _import_decoder() -> None:
    """msgspec imports decimal, and that numbers: of the standard library, though a file beside a user's script may be
    called so."""
    before = sys.path
    sys.path = [*(entry for entry in before if entry.startswith(_LIBRARY) and "site-packages" not in entry), *before]
    try:
        import msgspec  # noqa: F401 - for who imports it later
    finally:
        sys.path = before


_LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 - a start without pathlib is sooner
_import_decoder()
