"""What the worker remembers from one run to the next: the link, how many processors, and whether it was joined."""

from __future__ import annotations

from mcgui.settings import Settings
from mcgui_core.nprocs import cpu_count

_LINK = "worker/link"
_NPROCS = "worker/nprocs"
_JOINED = "worker/joined"


class Remembered:
    """Reads and writes the settings file, at once: a tray program is more often killed than ended.

    The link holds a key, so it may be in this file (which its owner alone can read) and nowhere else.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def link(self) -> str:
        """The join link that was used last, "" for none."""
        return self._settings.text(_LINK)

    @property
    def joined(self) -> bool:
        """Whether the owner wants this computer to work: False once they pressed Disconnect."""
        return bool(self.link) and self._settings.flag(_JOINED)

    @property
    def nprocs(self) -> int:
        """Processors that the owner gives; all there are as long as nobody said otherwise."""
        given = self._settings.number(_NPROCS)
        return given if given >= 1 else cpu_count()

    def joins(self, link: str) -> None:
        """The owner joined with this link."""
        self._settings.set(_LINK, link)
        self._settings.set(_JOINED, True)
        self._settings.sync()

    def leaves(self) -> None:
        """The owner disconnected: not to be joined again at the next start."""
        self._settings.set(_JOINED, False)
        self._settings.sync()

    def gives(self, nprocs: int) -> None:
        """The owner chose a number of processors."""
        self._settings.set(_NPROCS, nprocs)
        self._settings.sync()
