"""Which certificate a master showed when it was first met at an address, for links that do not say which it has.

As ssh has it: the first time counts (and only once both sides have proved the key), and whoever shows another one later
is not spoken to. A text file of the user's, a line for each master: HOST:PORT and the fingerprint.
"""

from __future__ import annotations

from pathlib import Path

from mcgui_core.base.private_file import write_private
from mcgui_core.base.user_folders import data_folder

_HEAD = (
    "# The masters that were met by address and key alone. Delete a line, and the next one to answer there is taken.\n"
)


def default_known_masters() -> Path:
    """Where those of this user are."""
    return data_folder() / "known_masters"


class KnownMasters:
    """The file. A master that is met by two programs in one moment may have to be met once more to be remembered."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_known_masters()

    def fingerprint(self, address: str) -> str:
        """Of the master that was first met at HOST:PORT; "" where none was."""
        return self._read().get(address, "")

    def remember(self, address: str, fingerprint: str) -> None:
        """This one was met there, unless another one was before. Without effect where the file cannot be written."""
        known = self._read()
        if address in known:
            return
        lines = [f"{name} {seen}\n" for name, seen in {**known, address: fingerprint}.items()]
        try:
            write_private(self.path, _HEAD + "".join(lines))
        except OSError:
            return  # as on a node of a computing centre, whose home is read-only: then each time is the first

    def _read(self) -> dict[str, str]:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        pairs = [line.split() for line in lines if not line.startswith("#")]
        return {pair[0]: pair[1] for pair in reversed(pairs) if len(pair) == 2}  # the first of two counts
