"""The code that a job's values are opened with on this computer: its environment, and the modules that came along."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from mcgui_core.client.trust_store import TrustStore
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.values import pickling
from mcgui_core.values.trust import Trust

if TYPE_CHECKING:  # few need it
    from mcgui_core.environment.project_modules import ProjectModules


class JobCode:
    """That of one spec. `trust` is how its values are opened."""

    def __init__(self, spec: JobSpec, trust: Trust) -> None:
        self._spec = spec
        self._project: ProjectModules | None = None if trust.project is None else trust.project(spec)
        self._module: ModuleType | None = None
        self._unloadable = False
        modules = None if self._project is None else self._module_named
        self.trust = replace(trust, environment=self._environment, modules=modules)

    @property
    def may_run(self) -> bool:
        """Its source may be run on this computer too: this user ran it here before, or trusts whoever works here."""
        return self.trust.workers or TrustStore().vouches_for_source(self._spec.environment, self._spec.filename)

    def load(self) -> ModuleType:
        """The environment, run here, of whose classes instances among the values are from now on.

        It imports what travelled with it, where values are opened with that, else what lies beside it now. Raises
        whatever it raises.
        """
        from mcgui_core.environment.environment_loader import load_in_place

        if self._project is None or not (self.trust.workers or self._imported):
            module = load_in_place(self._spec.environment, self._spec.filename)
        else:
            module = self._project.load_environment(self._spec.environment)
        pickling.identify_classes(module)
        self._module = module
        return module

    def in_place(self) -> AbstractContextManager[None]:
        """For the time of a block, imports and pickles find the modules that values were opened with."""
        return nullcontext() if self._project is None else self._project.in_place()

    def _environment(self) -> ModuleType | None:
        """Run here, once, where its classes are needed; None where that fails, or somebody else wrote it."""
        if self._module is None and self._spec.environment and not self._unloadable and self.may_run:
            try:
                self.load()
            except (Exception, SystemExit):  # noqa: BLE001 - the user's code raises what it likes
                self._unloadable = True
        return self._module

    def _module_named(self, name: str, as_it_comes: bool) -> ModuleType | None:
        """A module that came along. Whoever sends a value that is opened as data must not choose what runs here: it is
        one that the code of this user imports."""
        if self._project is None or not (as_it_comes or self._project.path_of(name) in self._imported):
            return None
        return self._project.find(name)

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The files of the project that its code imports, where this user submitted it here."""
        return TrustStore().vouched_modules(self._spec.main, self._spec.files)
