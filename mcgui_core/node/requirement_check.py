"""Whether this computer has what a job requires, and where it is; asked before the first task of the job runs here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from mcgui_core.environment.requirements import lacking_packages, lacking_python
from mcgui_core.errors import RequirementsUnmet
from mcgui_core.node.installed_packages import InstalledPackages
from mcgui_core.protocol.messages import JobSpec


class RequirementCheck:
    """Thread-safe. `may_install` is whether the owner allows what is lacking to be installed, for such jobs alone."""

    def __init__(self, installed: InstalledPackages | None = None) -> None:
        self.may_install = False
        self._installed = installed or InstalledPackages()
        self._guard = threading.Lock()
        self._known: dict[tuple[str, ...], str] = {}

    def packages_for(self, spec: JobSpec, say: Callable[[str], None]) -> str:
        """The folder with what had to be installed for a job; "" where all is here anyway.

        Raises RequirementsUnmet, InstallationFailed.
        """
        if not spec.requirements and not spec.requires_python:
            return ""
        with self._guard:
            if spec.requirements in self._known and not lacking_python(spec.requires_python):
                return self._known[spec.requirements]
            place = self._look(spec, say)
            self._known[spec.requirements] = place
            return place

    def _look(self, spec: JobSpec, say: Callable[[str], None]) -> str:
        if wrong := lacking_python(spec.requires_python):
            raise RequirementsUnmet(wrong)
        lacking = lacking_packages(spec.requirements)
        if not lacking:
            return ""
        if not self.may_install:
            raise RequirementsUnmet(lacking, "Its owner does not allow jobs to have anything installed.")
        place: Path = self._installed.place_of(spec.requirements, say)
        return str(place)

    def close(self) -> None:
        """Nobody waits any more."""
        self._installed.close()
