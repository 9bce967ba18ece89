"""What a person prefers, as the settings keep it. Nothing of a window in here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from mcgui.console.master.master_startup import HERE, PORT, Wish, default_journal
from mcgui.settings import Settings
from mcgui.theme import Scheme
from mcgui_core.base.user_folders import expanded

#: Seconds that a job has to take before its end is told by a notification.
LONG: Final = 30
_MOST_POINTS: Final = 72.0


@dataclass(frozen=True)
class Preferences:
    """Each with the value that holds where nobody said otherwise."""

    host: str = HERE  # where the window's own master listens
    port: int = PORT  # 0: any free one
    folder: Path = default_journal().parent  # of the journal
    worker: bool = True  # this computer works too
    scheme: Scheme = "system"
    points: float = 0.0  # size of the editor's font; 0: the system's
    notify: bool = True
    long: int = LONG  # seconds
    nprocs: int | None = None  # processors that this computer gives; None: all of them
    dask: tuple[str, ...] = ()  # addresses of the schedulers of Dask clusters that work too

    @classmethod
    def load(cls, settings: Settings) -> Preferences:
        """As the settings say; what makes no sense in them reads as its default."""
        scheme = settings.text("console/scheme", "system")
        port = settings.number("console/port", PORT)
        points = settings.real("console/editor_points", 0.0)
        return cls(
            host=settings.text("console/host", HERE).strip() or HERE,
            port=port if 0 <= port <= 65535 else PORT,
            folder=expanded(settings.text("console/journal_folder") or str(cls.folder)),
            worker=settings.flag("console/worker", True),
            scheme=scheme if scheme in get_args(Scheme) else "system",  # type: ignore[arg-type]
            points=points if 0 <= points <= _MOST_POINTS else 0.0,
            notify=settings.flag("console/notify", True),
            long=max(settings.number("console/notify_after", LONG), 0),
            nprocs=max(settings.number("console/nprocs", 0), 0) or None,
            dask=tuple(settings.texts("console/dask_clusters")),
        )

    def store(self, settings: Settings) -> None:
        """Keep them for the next time."""
        settings.set("console/host", self.host)
        settings.set("console/port", self.port)
        settings.set("console/journal_folder", str(self.folder))
        settings.set("console/worker", self.worker)
        settings.set("console/scheme", self.scheme)
        settings.set("console/editor_points", self.points)
        settings.set("console/notify", self.notify)
        settings.set("console/notify_after", self.long)
        settings.set("console/nprocs", self.nprocs or 0)
        settings.set("console/dask_clusters", list(self.dask))
        settings.sync()

    @property
    def wish(self) -> Wish:
        """The window's own master, as preferred."""
        journal = self.folder / default_journal().name
        return Wish(self.host, self.port, journal, worker=self.worker, nprocs=self.nprocs)
