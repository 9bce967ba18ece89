"""What a job has on this computer before its first task runs here: what it requires, and the folder of its project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mcgui_core.errors import InstallationFailed, McguiError, RequirementsUnmet
from mcgui_core.node.project_folders import ProjectFolders
from mcgui_core.node.requirement_check import RequirementCheck
from mcgui_core.protocol.messages import JobSpec, Unfit
from mcgui_core.slots.slot_interface import NO_PLACE, WorkPlace


class PlaceUnavailable(Exception):
    """A job cannot run on this computer; `unfit` says why."""

    def __init__(self, unfit: Unfit) -> None:
        super().__init__(unfit)
        self.unfit = unfit


class WorkPlaces:
    """Thread-safe."""

    def __init__(self, projects: ProjectFolders, requirements: RequirementCheck) -> None:
        self._projects, self.requirements = projects, requirements

    def take(self, job: int, spec: JobSpec, say: Callable[[str], None]) -> WorkPlace:
        """The place of a job, to be given back. Fetches and installs what is missing, and tells that to `say`.

        Raises PlaceUnavailable.
        """
        try:
            packages = self.requirements.packages_for(spec, say)
        except RequirementsUnmet as error:
            printed = error.printed if isinstance(error, InstallationFailed) else ""
            unfit = Unfit(job, "It lacks", str(error), printed, "requirements")
            raise PlaceUnavailable(unfit) from error
        except OSError as error:
            raise PlaceUnavailable(Unfit(job, type(error).__name__, str(error), "", "requirements")) from error
        if not spec.files:
            return WorkPlace(packages=packages) if packages else NO_PLACE
        try:
            return WorkPlace(str(self._projects.take(job, spec)), spec.main, packages)
        except (McguiError, OSError) as error:
            said = f"The files of its project could not be brought here: {error}"
            raise PlaceUnavailable(Unfit(job, type(error).__name__, said, "")) from error

    def give_back(self, place: WorkPlace) -> None:
        """A chunk does not run there any more."""
        if place.folder:
            self._projects.give_back(Path(place.folder))

    def close(self) -> None:
        """Nothing runs any more, and nobody waits."""
        self.requirements.close()
        self._projects.close()
