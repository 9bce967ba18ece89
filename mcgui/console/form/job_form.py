"""The form that says what to run: the function, the arguments, and what becomes of the results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from mcgui.background import Background
from mcgui.card import Card
from mcgui.console.arguments.argument_look import LooksAtArguments
from mcgui.console.arguments.arguments_section import ArgumentsSection
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.form.form_air import FormAir
from mcgui.console.form.form_choice import NO_ARGUMENTS, FormChoice, documents_of, options_of, waiting_among
from mcgui.console.form.form_rows import FormRows
from mcgui.console.form.function_picker import FunctionPicker
from mcgui.console.form.job_options import JobOptionsRow
from mcgui.console.form.run_obstacles import Obstacle, of_arguments, of_environment
from mcgui.console.parts.hint_room import HintRooms, Spare
from mcgui.console.trial.try_one import Target, TryOne
from mcgui.theme import Theme
from mcgui_core.arguments.argument_fit import best_call, filled_by_arguments, misfit, misfit_of_results
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.environment.environment_source import FunctionInfo
from mcgui_core.environment.function_info import with_given
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.trial import TrialRequest

if TYPE_CHECKING:
    from mcgui_core.client.job_document import JobDocument


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job to run, as the form describes it."""

    spec: JobSpec
    arguments: ArgumentSource
    count: int | None  # tasks; None: not known before the arguments are read to their end
    shared: tuple[tuple[str, str], ...] = ()  # names and expressions of values that each call is given
    files: tuple[str, ...] = ()  # patterns of what travels beside the modules that the environment imports


_LOOKED_THROUGH: Final = "The environment is still being looked through, so its functions are not known yet."
_UNREADABLE: Final = "The environment has a problem, so its functions are not known yet."


class JobForm(Card):
    """Function, arguments, reduce function, a try of one argument, and options.

    `background`, `preview` and `restart` are for the `ArgumentsSection`; `dialogs` is what asks for files.

    Signals:
        changed(): `request` or `missing` is different.
        files_changed(tuple[str, ...]): other files than before are picked to travel along.
        looked(): arguments of somebody else were to be evaluated, which waited for that.
    """

    changed = Signal()
    files_changed = Signal(object)
    looked = Signal()

    def __init__(
        self,
        theme: Theme,
        background: Background,
        preview: LooksAtArguments,
        restart: Callable[[], object],
        dialogs: FileDialogs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Job")
        self._state = EnvironmentState("", "", None, None)
        self._description = ""  # of the document, which has no field here
        self._files: tuple[str, ...] = ()  # likewise: the environment's panel shows them
        self._recalled: dict[str, JobDocument] = {}  # path of a file: what was filled in for it in the last run
        self._recalled_waiting: frozenset[str] = frozenset()
        self._choices: dict[int, FormChoice] = {}  # for each text that was in front
        self.function = FunctionPicker("Function", parent=self)
        self.arguments = ArgumentsSection(theme, background, preview, restart, dialogs, self)
        self.reduce = FunctionPicker("Reduce function", none="(none)", parent=self, fit=misfit_of_results)
        self.try_one = TryOne(background, theme, parent=self)
        self.options = JobOptionsRow(theme, self)
        self._link: str | None = None
        self.link: Callable[[], str | None] = lambda: None  # of the master that is open; who knows it says so
        self._try_asked = False  # as soon as the arguments have been looked at
        self._lay_out()
        self.function.changed.connect(self._on_function_changed)
        self.arguments.changed.connect(self._on_arguments_changed)
        self.reduce.changed.connect(self.changed)
        self.options.changed.connect(self._on_options_changed)
        self.changed.connect(self._aim)
        self.arguments.looked.connect(self.looked)
        self.arguments.row_chosen.connect(self.try_one.choose)
        self.try_one.choice_changed.connect(self._aim)

    # What it describes

    @property
    def missing(self) -> tuple[str, ...]:
        """What stands in the way of running, each as a sentence; empty where the job can be run."""
        return tuple(obstacle.sentence for obstacle in self._obstacles)

    @property
    def is_settling(self) -> bool:
        """Whether nothing stands in the way but that the environment, or the arguments, are still looked at."""
        return bool(self._obstacles) and all(obstacle.may_pass for obstacle in self._obstacles)

    @property
    def _obstacles(self) -> list[Obstacle]:
        reading = self._state.reading  # what is said of functions then is of the environment as it was
        found = [*of_environment(self._state), Obstacle(self.function.problem, reading)]
        found += of_arguments(self.arguments, reading)
        found += [Obstacle(self.reduce.problem, reading), Obstacle(self._problem_of_options)]
        if self._files and not self._state.place:
            found.append(Obstacle("Save the environment: the files that travel along lie beside it."))
        return [obstacle for obstacle in found if obstacle.sentence]

    @property
    def request(self) -> JobRequest | None:
        """The job to run; None while something is `missing`."""
        if self.missing or self.arguments.preview is None:
            return None
        spec = JobSpec(
            name=self.options.options.name or self._default_name(),
            environment=self._state.source,
            function=self.function.name,
            reduce=self.reduce.name or None,
            filename=self._state.place or self._state.filename,
            **self._options,
        )
        return JobRequest(spec, self.arguments.source, self.arguments.preview.count, self.shared, self._files)

    @property
    def is_filled(self) -> bool:
        """Whether there are a function and arguments, be they right or wrong."""
        return bool(self.function.name) and not self.arguments.fields.is_empty

    def document(self, environment: Path) -> JobDocument:
        """The form as a document, for the environment saved at this path."""
        from mcgui_core.client.job_document import JobDocument

        return JobDocument(
            environment=str(environment),
            function=self.function.name,
            arguments=self.arguments.source,
            name=self.options.options.name or self._default_name(),
            description=self._description,
            reduce=self.reduce.name or None,
            shared=self.shared,
            files=self._files,
            **self._options,
        )

    @property
    def _options(self) -> dict[str, Any]:
        """All options of the job: those of the row, and how its arguments are passed."""
        return self.options.options.options() | {"call": self.arguments.call}

    @property
    def shared(self) -> tuple[tuple[str, str], ...]:
        """Names and expressions of the values that each call is given."""
        return self.options.shared

    @property
    def _problem_of_options(self) -> str:
        function = self.function.function
        call, filled = self.arguments.call, self._filled(function)
        return self.options.problem(function, self._state.environment, call, filled)

    def _filled(self, function: FunctionInfo | None) -> tuple[str, ...]:
        """The parameters that each task's argument is passed as."""
        return filled_by_arguments(function, self.arguments.call, self.arguments.preview)

    @property
    def files(self) -> tuple[str, ...]:
        """Patterns of the files that are picked to travel along."""
        return self._files

    def set_files(self, patterns: tuple[str, ...]) -> None:
        """Have the files that these patterns name travel along, from the folder of the environment on."""
        if patterns != self._files:
            self._files = patterns
            self.files_changed.emit(patterns)
            self.changed.emit()

    # Trying

    @Slot()
    def try_it(self) -> None:
        """Run the function on one argument, the first or the chosen one, and say what came of it."""
        self._try_asked = False
        self.arguments.look()
        self._aim()
        self._try_asked = self.arguments.waiting and self.try_one.task is None
        if not self._try_asked:
            self.try_one.begin()

    def choose_task(self, job: int, index: int, link: str) -> None:
        """Let the argument of this task of a job be the one that is tried; `link` leads to its master."""
        self._link = link
        self.try_one.choose(index, job)

    @Slot()
    def _aim(self) -> None:
        """Tell what would be tried now."""
        self.try_one.set_target(self._target())

    def _target(self) -> Target:
        preview, chosen = self.arguments.preview, self.try_one.task
        of = self._state.filename, self.function.name
        if self._state.problem is not None or self.function.problem:
            return Target(problem=self.missing[0], of=of)
        if self._problem_of_options:
            return Target(problem=self._problem_of_options, of=of)
        state, function, call = self._state, self.function.name, self.arguments.call
        options = self.options.options
        spec = JobSpec("", state.source, function, filename=state.place or state.filename, call=call)
        spec = replace(spec, setup=options.setup, seed=options.seed)
        count, limit = preview.count if preview is not None else None, self.options.options.timeout
        if chosen is not None:
            request = TrialRequest(spec, None, chosen[1], chosen[0], self._link, self.shared, self._files)
            return Target(request, "", count, limit, of)
        if preview is None or not preview.first:
            waiting = self.arguments.waiting
            problem = "The arguments are still looked at." if waiting else "Give the arguments first."
            return Target(problem=self.arguments.problem or problem, of=of)
        source = self.arguments.source
        index, link = self.try_one.index, self._master_link()
        request = TrialRequest(spec, source, index, link=link, shared=self.shared, files=self._files)
        return Target(request, "", count, limit, of, self.arguments.written)

    def _master_link(self) -> str | None:
        """Where tasks of a job are to be found, where those are the arguments."""
        return self.link() if self.arguments.source.kind == "tasks" else None

    def _default_name(self) -> str:
        file = PurePath(self._state.filename)
        return file.stem if file.suffix else self.function.name

    # What it is told

    @Slot(object)
    def set_environment(self, state: EnvironmentState) -> None:
        """Follow the editor: offer the functions of now. Where another file is in front, what was chosen for that is
        chosen again; nothing, if it was opened just now, but for arguments that were there before any text.

        Source that does not compile keeps the functions of before.
        """
        if state.text != self._state.text:
            self._choices[self._state.text] = self._choice
            is_first = not self._state.path and not self._state.source.strip()
            self.start_over()
            self._state = state
            self._choose_again(self._choices.get(state.text), is_first)
        self._state = state
        self.arguments.set_environment(state)
        if state.environment is not None:
            self.function.set_environment(state.environment)
            self.reduce.set_environment(state.environment)
        else:
            self.function.set_unknown(_LOOKED_THROUGH if state.reading else _UNREADABLE)
        self.changed.emit()

    @property
    def _choice(self) -> FormChoice:
        arguments = self.arguments
        return FormChoice(
            self.function.name,
            self.reduce.name,
            arguments.source,
            arguments.call_combo.currentData(),
            self.options.options,
            self._description,
            self._state.kept_as,
            arguments.waits_for_look,
            self._files,
        )

    def recall(self, documents: Iterable[JobDocument], waiting: frozenset[str]) -> None:
        """What was filled in for files the last time: it is shown once one of them comes to the front. The arguments of
        those that are `waiting` are somebody else's, and wait for a look."""
        self._recalled = {document.environment: document for document in documents}
        self._recalled_waiting = waiting

    @property
    def waiting(self) -> frozenset[str]:
        """The texts, of those filled in, whose arguments wait for a look."""
        return waiting_among(self._known, self._recalled_waiting & self._recalled.keys())

    @property
    def filled_in(self) -> tuple[JobDocument, ...]:
        """What is filled in for the texts that were in front, the one in front too, and for those recalled."""
        return documents_of(self._known, self._recalled)

    @property
    def _known(self) -> tuple[FormChoice, ...]:
        return (*self._choices.values(), self._choice)

    def _choose_again(self, choice: FormChoice | None, is_first: bool) -> None:
        nothing = choice is None or choice.arguments == NO_ARGUMENTS
        if nothing and self._state.kept_as in self._recalled:
            document = self._recalled.pop(self._state.kept_as)
            self.show_document(document, wait=document.environment in self._recalled_waiting)
            return
        if choice is None:  # a new text: its job is not called as that of another one, and shares other values
            self.options.set_options(replace(self.options.options, name="", shared=""))
            if not is_first:
                self.arguments.set_source(NO_ARGUMENTS)
            return
        self._description = choice.description
        self.set_files(choice.files)
        self.function.choose(choice.function)
        self.reduce.choose(choice.reduce)
        self.options.set_options(choice.options)
        if choice.waits or choice.arguments != self.arguments.source:
            self.arguments.set_source(choice.arguments, choice.call, wait=choice.waits)

    def show_document(self, document: JobDocument, *, wait: bool) -> None:
        """Show what a document says. Its environment is opened elsewhere, and first: opening one forgets the choice.
        With `wait`, it is somebody else's, of which nothing is evaluated until that is wanted."""
        self._description = document.description
        self.set_files(document.files)
        self.function.choose(document.function)
        self.reduce.choose(document.reduce or "")
        self.arguments.set_source(document.arguments, document.call, wait=wait)
        self.options.set_options(options_of(document))

    @Slot()
    def settle(self) -> None:
        """The environment is meant as it is: look at arguments that depend on it again."""
        self.arguments.settle()

    @Slot()
    def start_over(self) -> None:
        """Forget which functions were chosen, as when another file is opened."""
        self._description = ""
        self.set_files(())
        self.function.start_over()
        self.reduce.start_over()

    @Slot()
    def _on_function_changed(self) -> None:
        self._fit_arguments()
        self.changed.emit()

    @Slot()
    def _on_options_changed(self) -> None:
        self._fit_arguments()
        self.changed.emit()

    def _fit_arguments(self) -> None:
        """Tell which function the arguments are for, without what the options give to each call."""
        function = self.function.function
        self.arguments.set_function(self._with_given(function) if function is not None else None)

    def _with_given(self, function: FunctionInfo) -> FunctionInfo:
        """The function as its arguments meet it. What these fill as well is left to them, and said as a problem."""
        names, preview = [name for name, _ in self.shared], self.arguments.preview
        call = self.arguments.call_choice.chosen
        if call is None and preview is not None:  # by all that is given, so that it does not matter what came first
            call = best_call(preview, with_given(function, names))
        filled = filled_by_arguments(function, call or "single", preview)
        given = [name for name in names if name not in filled]
        return with_given(function, given if self.options.options.seed is None else [*given, "seed"])

    @Slot()
    def _on_arguments_changed(self) -> None:
        self._fit_arguments()
        self.function.set_notes(self._misfit)
        self.changed.emit()
        if self._try_asked and not self.arguments.waiting:
            self.try_it()

    def _misfit(self, function: FunctionInfo) -> str:
        """Why a function cannot be called with the arguments that are loaded, however they are best passed to it."""
        preview, left = self.arguments.preview, self._with_given(function)
        return misfit(left, best_call(preview, left), preview) if preview is not None else ""

    def _lay_out(self) -> None:
        self._rows = rows = FormRows(self)
        # A buddy is where the label's key leads: a field itself, since a focus proxy would upset the order of Tab.
        for text, widget, buddy, needed in (
            ("F&unction", self.function, self.function.combo, self.function.needed),
            ("Ar&guments", self.arguments, self.arguments.fields.kind_combo, None),
            ("R&educe", self.reduce, self.reduce.combo, self.reduce.needed),
        ):
            label = QLabel(text, self)
            label.setObjectName("cardTitle")
            label.setBuddy(buddy)
            rows.add(label, widget, needed)
        for picker in (self.function, self.reduce):
            picker.changed.connect(rows.fit)
        rows.add(None, self.try_one)
        # The form grows upwards, since it stands at the bottom: what is unfolded above it moves no field.
        self.body.addWidget(self.try_one.details)
        rows.add(None, self.options)
        for tool in self.try_one.tools:  # below the answer, which is read by its whole width
            self.options.add(tool)
        self.body.addLayout(rows)
        around = self.layout()
        assert around is not None, "a card has one"
        self.spares: tuple[Spare, ...] = HintRooms(self), FormAir(around, rows, self.arguments.room)
