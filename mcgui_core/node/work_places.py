"""What a job has on this computer before its first task runs here: what it requires, and the folder of its project."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mcgui_core.base.sizes import bytes_text
from mcgui_core.errors import InstallationFailed, McguiError, RequirementsUnmet
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.content_files import ContentFiles
from mcgui_core.node.environment_files import EnvironmentFiles
from mcgui_core.node.project_folders import ProjectFolders
from mcgui_core.node.requirement_check import RequirementCheck
from mcgui_core.protocol.messages import Content, JobSpec, Unfit
from mcgui_core.slots.slot_interface import NO_PLACE, WorkPlace

#: Looking at what jobs have written may take one part in so many of the time.
_RARELY = 50


class PlaceUnavailable(Exception):
    """A job cannot run on this computer; `unfit` says why."""

    def __init__(self, unfit: Unfit) -> None:
        super().__init__(unfit)
        self.unfit = unfit


class WorkPlaces:
    """Thread-safe."""

    def __init__(self, cache: ContentCache, requirements: RequirementCheck, own_folders: bool = False) -> None:
        """With `own_folders` each job works in a folder of its own, and else only one that brings files."""
        self._projects, self.contents, self._texts = ProjectFolders(cache), ContentFiles(cache), EnvironmentFiles(cache)
        self.requirements, self._own_folders = requirements, own_folders
        self._guard = threading.Lock()
        self._refused: dict[int, Unfit] = {}  # jobs that have written too much
        self._ceiling: int | None = None
        self._look_again = 0.0
        self.written = 0  # bytes in the folders of jobs, at the last look

    def take(
        self, job: int, spec: JobSpec, say: Callable[[str], None], wanted: Callable[[], bool] = lambda: True
    ) -> WorkPlace:
        """The place of a job, to be given back. Fetches and installs what is missing, and tells that to `say`.

        Raises PlaceUnavailable, also where a content is not `wanted` any more while it comes.
        """
        with self._guard:
            refused = self._refused.get(job)
        if refused is not None:
            raise PlaceUnavailable(refused)
        place = self._take_contents(job, spec.contents, wanted)
        try:
            found = self._take(job, spec, say, wanted)
        except BaseException:
            self.give_back(place)
            raise
        return replace(found, contents=place.contents) if place.contents else found

    def has(self, spec: JobSpec, *, folders: bool) -> bool:
        """Nothing has to be fetched or installed to `take` the place of a job; or where that is without `folders`, to
        `take_contents`."""
        if spec.files or (folders and (spec.requirements or spec.requires_python)):
            return False
        return all(map(self.contents.has, spec.contents))

    def take_contents(self, job: int, spec: JobSpec, wanted: Callable[[], bool] = lambda: True) -> WorkPlace:
        """As `take`, for whoever runs the job on another computer: what the spec names by content, the files of its
        project among it, and nothing else."""
        files = (Content(file.sha256, file.size) for file in spec.files)
        return self._take_contents(job, dict.fromkeys((*spec.contents, *files)), wanted)

    def _take_contents(self, job: int, contents: Iterable[Content], wanted: Callable[[], bool]) -> WorkPlace:
        found: list[tuple[str, str]] = []
        try:
            found.extend((content.sha256, str(self.contents.take(content, wanted))) for content in contents)
        except (McguiError, OSError) as error:
            self.give_back(WorkPlace(contents=tuple(found)))
            said = f"Its function, a file or a shared value could not be brought here: {error}"
            raise PlaceUnavailable(Unfit(job, type(error).__name__, said, "")) from error
        return WorkPlace(contents=tuple(found)) if found else NO_PLACE

    def _take(self, job: int, spec: JobSpec, say: Callable[[str], None], wanted: Callable[[], bool]) -> WorkPlace:
        try:
            packages = self.requirements.packages_for(spec, say)
        except RequirementsUnmet as error:
            printed = error.printed if isinstance(error, InstallationFailed) else ""
            unfit = Unfit(job, "It lacks", str(error), printed, "requirements")
            raise PlaceUnavailable(unfit) from error
        except OSError as error:
            raise PlaceUnavailable(Unfit(job, type(error).__name__, str(error), "", "requirements")) from error
        if not spec.files and not self._own_folders:
            return WorkPlace(packages=packages, modules=self._folder_of_text(spec))
        try:
            main = spec.main or ("." if self._own_folders else "")
            folder = str(self._projects.take(job, spec, wanted))
            return WorkPlace(folder, main, packages, "" if spec.files else self._folder_of_text(spec))
        except (McguiError, OSError) as error:
            if not spec.files:  # it needs no folder: where there is no room for one, it works where the worker is
                return WorkPlace(packages=packages, modules=self._folder_of_text(spec))
            said = f"The files of its project could not be brought here: {error}"
            raise PlaceUnavailable(Unfit(job, type(error).__name__, said, "")) from error

    def _folder_of_text(self, spec: JobSpec) -> str:
        if spec.is_object:
            return ""
        with suppress(OSError):  # few tasks start processes that need it
            return str(self._texts.folder_for(spec))
        return ""

    def give_back(self, place: WorkPlace) -> None:
        """A chunk does not run there any more."""
        if place.folder:
            self._projects.give_back(Path(place.folder))
        for _, path in place.contents:
            self.contents.give_back(Path(path))

    def refuse_above(self, ceiling: int | None) -> int | None:
        """Where jobs have written more than `ceiling` bytes into their folders, refuse the one that has written most.
        Returns its number; its tasks are to be stopped. None stands for no limit. With another one than before, no job
        is refused any more."""
        with self._guard:
            if ceiling != self._ceiling:
                self._ceiling = ceiling
                self._refused.clear()
        if ceiling is None:
            return None
        now = time.monotonic()
        if now < self._look_again:
            return None
        written = self._projects.written()
        if sum(written.values()) > ceiling:
            self._projects.drop_idle()
            written = self._projects.written()
        self._look_again = time.monotonic() + _RARELY * (time.monotonic() - now)
        self.written = sum(written.values())
        if self.written <= ceiling:
            return None
        job = max(written, key=lambda job: written[job])
        said = f"Its tasks wrote {bytes_text(written[job])}; the owner of this computer allows {bytes_text(ceiling)}"
        with self._guard:
            if job in self._refused:
                return None  # its tasks are about to end
            self._refused[job] = Unfit(job, "", said, "", "disk")
        return job

    def forget(self) -> None:
        """Jobs have other numbers from now on."""
        with self._guard:
            self._refused.clear()

    def close(self) -> None:
        """Nothing runs any more, and nobody waits."""
        self.requirements.close()
        self._projects.close()
        self.contents.close()
        self._texts.close()
