"""What the worker remembers from one run to the next: the link, and what its owner wants."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict

from mcgui.settings import Settings
from mcgui.worker.session.task_totals import TaskTotals
from mcgui_core.base.clock import ElapsedClock, boot_id, elapsed
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.owner.limits_as_dict import limits_from_plain, limits_to_plain, overrides_from_plain, overrides_to_plain
from mcgui_core.processes.processor_count import cpu_count

_LINK = "worker/link"
_NPROCS = "worker/nprocs"
_JOINED = "worker/joined"
_LIMITS = "worker/limits"
_OVERRIDES = "worker/overrides"
_QUIET = "worker/quiet"
_DIARY = "worker/diary"


class SavedState:
    """Reads and writes the settings file, at once: a tray program is more often killed than ended.

    The link holds a key, so it may be in this file (which its owner alone can read) and nowhere else. `clock` is that
    of overrides.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.clock = ElapsedClock()

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

    @property
    def limits(self) -> Limits:
        """The owner's limits; none where they cannot be read."""
        with suppress(ValueError, KeyError, TypeError):
            return limits_from_plain(json.loads(self._settings.text(_LIMITS, "null")))
        return Limits()

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._settings.set(_LIMITS, json.dumps(limits_to_plain(limits)))
        self._settings.sync()

    @property
    def overrides(self) -> Overrides:
        """A pause or a snooze, and limits that do not count for a while."""
        with suppress(ValueError, KeyError, TypeError):
            kept = json.loads(self._settings.text(_OVERRIDES, "null"))
            now = self.clock()
            overrides = overrides_from_plain(kept["overrides"], now)
            if not kept["boot"] or kept["boot"] != boot_id():
                gone = max(0.0, time.time() - kept["wall"])
                overrides = overrides.shifted(elapsed() - kept["elapsed"] - gone)
            return overrides.fresh(now)
        return Overrides()

    @overrides.setter
    def overrides(self, overrides: Overrides) -> None:
        # With what tells later how much of that has gone by.
        plain = overrides_to_plain(overrides, self.clock())
        kept = {"overrides": plain, "boot": boot_id(), "elapsed": elapsed(), "wall": time.time()}
        self._settings.set(_OVERRIDES, json.dumps(kept))
        self._settings.sync()

    @property
    def quiet(self) -> frozenset[str]:
        """The kinds of notification (notifications.py) that the owner switched off."""
        return frozenset(self._settings.texts(_QUIET))

    @quiet.setter
    def quiet(self, kinds: frozenset[str]) -> None:
        self._settings.set(_QUIET, sorted(kinds))
        self._settings.sync()

    @property
    def diary(self) -> TaskTotals:
        """Tasks of the last day on which there were any, and in all."""
        with suppress(ValueError, TypeError):
            return TaskTotals(**json.loads(self._settings.text(_DIARY, "null")))
        return TaskTotals()

    @diary.setter
    def diary(self, diary: TaskTotals) -> None:
        self._settings.set(_DIARY, json.dumps(asdict(diary)))
        self._settings.sync()

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
