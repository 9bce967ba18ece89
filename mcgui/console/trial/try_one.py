"""Try one: runs the function on one argument, in a process of its own, and says what the whole job would take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.console.parts.focus_return import FocusReturn
from mcgui.console.parts.hint_room import HintRoom
from mcgui.console.trial.several_trials import SeveralTrials
from mcgui.console.trial.trial_details import TrialDetails
from mcgui.console.trial.trial_words import (
    at_length,
    how_it_was_timed,
    in_a_line,
    is_in_doubt,
    several_at_length,
    several_in_a_line,
    so_far,
    while_it_runs,
)
from mcgui.fold_button import FoldButton
from mcgui.plain_text import plain_tip
from mcgui.screen_reader import announce
from mcgui.theme import Theme, Tone, set_tone
from mcgui_core.workbench.trial import Trial, TrialOutcome, TrialRequest, TrialState

#: Milliseconds between two looks at how long it has been running, and before Stop is offered.
TICK: Final = 500
#: What a line that is about an earlier state begins with.
_BEFORE: Final = "before the last change: "
#: What it says where another try is wanted while one runs.
_STOP_FIRST: Final = " Stop ends this one, and then another can begin."


@dataclass(frozen=True, slots=True)
class Target:
    """What would be tried now. Without a `request`, `problem` says why there is none."""

    request: TrialRequest | None = None
    problem: str = ""
    count: int | None = None  # tasks of the whole job
    limit: float | None = None  # seconds that a task of it may take
    of: tuple[str, str] = ("", "")  # the file and the function, also where there is no request
    written: int = 0  # when the file of the arguments was, in nanoseconds since the epoch


class TryOne(QWidget):
    """The button, and the line beside it. The details, which unfold, are laid out by whoever has it.

    The first argument is tried, or the one that was chosen (`choose`). An answer that is about an earlier state of the
    environment or the arguments says so; one of another function or file goes.

    Signals:
        wanted(): the button was pressed; whoever knows what is to be tried gives the latest `set_target` and `begin`s.
        choice_changed(): another argument was chosen.
    """

    wanted = Signal()
    choice_changed = Signal()
    _heard = Signal(object)

    def __init__(
        self,
        background: Background,
        theme: Theme,
        make: Callable[[TrialRequest, Callable[[TrialState], None] | None], Trial] = Trial,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._background, self._make = background, make
        self._target = Target()
        self._processors = 0
        self._trial: Trial | None = None
        self._tried = Target()  # what the outcome, or the try that runs, is about
        self._state = TrialState()
        self._outcome: TrialOutcome | None = None
        self._began = 0.0
        self._begun_at = self._files_written = 0  # nanoseconds since the epoch, as the times of files are
        self._asked_again = False  # while one runs
        self._index = 0
        self._task: tuple[int, int] | None = None
        self.button = QPushButton(self)
        self.button.clicked.connect(self.wanted)
        self.stop_button = QPushButton("Stop", self)
        self.stop_button.setProperty("segment", True)
        self.stop_button.setAccessibleName("Stop the try")
        self.stop_button.clicked.connect(self.stop)
        self._focus = FocusReturn(self.stop_button)
        self.several = SeveralTrials(background, make, self)
        self.several.changed.connect(self._on_several)
        self.several_button = QPushButton("Try several", self)
        self.several_button.setProperty("segment", True)
        self.several_button.setAccessibleName("Try several arguments, from the first to the last")
        self.several_button.setToolTip("Try the first, the last and some between: how long all take is no guess then")
        self.several_button.clicked.connect(self._on_several_wanted)
        self.line = WrappedLabel(self)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line.setAccessibleName("What came of the try")
        HintRoom(self.line, 2, beside=self.button)
        tip = "Details of the try: value, traceback and output"
        self.more = FoldButton("Details", tip, theme, self)
        self.more.turned.connect(self._on_more)
        self.details = TrialDetails(theme, self)
        self.details.closed.connect(self._on_details_closed)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._show)
        self._heard.connect(self._on_heard)
        self._lay_out()
        self._show()

    # What it knows

    @property
    def running(self) -> bool:
        return self._trial is not None

    @property
    def outcome(self) -> TrialOutcome | None:
        """What came of the last try; None before it, and while one runs."""
        return self._outcome

    @property
    def stale(self) -> bool:
        """Whether the answer is about something that is different by now. (Not where only another argument is chosen:
        the answer says of which one it is.)"""
        tried, now = self._tried.request, self._target.request
        if tried is None:
            return False
        if max(self._files_written, self._target.written) > self._begun_at:
            return True
        return tried.spec != now.spec if self._another_chosen and now is not None else tried != now

    @property
    def _another_chosen(self) -> bool:
        tried, now = self._tried.request, self._target.request
        return tried is not None and now is not None and (tried.job, tried.index) != (now.job, now.index)

    @property
    def index(self) -> int:
        """Which argument is to be tried."""
        return self._index

    @property
    def task(self) -> tuple[int, int] | None:
        """The task (job, index) whose argument is to be tried, where it is not one of those that are loaded."""
        return self._task

    # What it is told

    def set_target(self, target: Target) -> None:
        """What would be tried now, if the button were pressed."""
        if target != self._target:
            self._target = target
            if not self.running and self._tried.of != target.of:
                self._forget()
            self._show()

    def set_files_written(self, when: int) -> None:
        """When the last of the files that travel with the environment was written, in nanoseconds since the epoch."""
        self._files_written = when
        self._show()

    def set_processors(self, count: int) -> None:
        """How many tasks run at once on the workers that are here."""
        if count != self._processors:
            self._processors = count
            self._show()

    def choose(self, index: int = 0, job: int | None = None) -> None:
        """Try this argument from now on: of those that are loaded, or of a job that there was."""
        task = None if job is None else (job, index)
        if (index, task) != (self._index, self._task):
            self._index, self._task = index, task
            self._show()
            self.choice_changed.emit()

    def begin(self) -> None:
        """Try the target, or say why it cannot be."""
        if self.running or self.several.running:
            self._say_still_running()
            return
        self.several.forget()
        self._outcome, self._state, self._tried = None, TrialState(), self._target
        self._asked_again = False
        request = self._target.request
        self._tell_details(False)
        if request is None:
            self._say(self._target.problem, "warn")
            announce(self, self._target.problem)
            return
        trial = self._trial = self._make(request, self._heard.emit)
        self._began, self._begun_at = time.monotonic(), time.time_ns()
        self._timer.start()
        self._background.run(trial.run, self._on_outcome, self._on_trouble)
        self._show()

    def _say_still_running(self) -> None:
        """It was asked for once more: say why nothing begins, and bring the keyboard to what ends it."""
        self._asked_again = True
        self._show()
        self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.line.text())

    def refuse(self, problem: str) -> None:
        """Try nothing, and say why."""
        if not self.running:
            self._outcome, self._tried = None, Target(problem=problem)
            self._tell_details(False)
            self._say(problem, "warn")
            announce(self, problem)

    @Slot()
    def stop(self) -> None:
        """End the try that runs, if one does. Quick, and safe at any time."""
        self.several.stop()
        if self._trial is not None:
            self._trial.stop()

    def _forget(self) -> None:
        """What came of the last try is of no interest any more."""
        if self._outcome is not None:
            self._tell_details(False)
        self.several.forget()
        self._outcome, self._tried = None, Target()

    @Slot()
    def _on_several_wanted(self) -> None:
        target = self._target
        if target.request is not None and target.count and not self.running and not self.several.running:
            self._tried, self._begun_at = target, time.time_ns()
            self.several.begin(target.request, target.count)

    @Slot()
    def _on_several(self) -> None:
        self._show()
        if self.several.tried and not self.several.running:
            worst = next((one.outcome for one in self.several.tried if one.outcome.kind != "done"), None)
            self._tell_details(self.more.is_open or worst is not None)

    # What comes back

    @Slot(object)
    def _on_heard(self, state: TrialState) -> None:
        if self._trial is not None:
            self._state = state
            self._show()

    def _on_outcome(self, outcome: TrialOutcome) -> None:
        self._trial = None
        self._timer.stop()
        self._outcome = outcome
        self._show()
        announce(self, self.line.text())
        # A traceback is what one wants to see; an ordinary value stands in the line.
        self._tell_details(self.more.is_open or outcome.kind in ("failed", "died"))

    def _on_trouble(self, error: Exception) -> None:
        self._on_outcome(TrialOutcome("refused", message=f"No process could be started to try it in: {error}"))

    # Showing

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.button, 0, top)
        row.addWidget(self.stop_button, 0, top)
        row.addWidget(self.line, 1)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)

    @property
    def tools(self) -> tuple[QWidget, ...]:
        """What can be done with an answer. Whoever lays this out has a place for it where the answer keeps its room."""
        return self.several_button, self.more

    @Slot()
    def _show(self) -> None:
        self._show_button()
        seconds = time.monotonic() - self._began
        stoppable = (self.running and (seconds >= TICK / 1000 or self._asked_again)) or self.several.running
        self._show_stop(stoppable)
        self.several_button.setVisible(self._offers_several and not stoppable)
        self.more.setVisible(self._outcome is not None or (self.running and bool(self._state.output)))
        before = _BEFORE if self.stale else ""
        if self.running:
            said = while_it_runs(self._state, seconds)
            self._say(f"{before}{said}{_STOP_FIRST if self._asked_again else ''}", "muted")
            if self.more.is_open:  # what nobody sees need not be set anew with each line that is printed
                self.details.say(so_far(self._state), follow=True)
        elif self.several.request is not None:
            self._show_several(before)
        elif self._outcome is not None:
            self._show_outcome(self._outcome, before)
        elif self._tried.problem:
            if self._target != self._tried:
                self._tried = Target()
                self._say("", "muted")
        else:
            self._say("", "muted")

    def _show_stop(self, stoppable: bool) -> None:
        """The keyboard comes to Stop from what goes for it, and from Stop back to where it was."""
        if not stoppable:
            self._focus.give_back()
            if self.stop_button.hasFocus():  # what had it before is gone
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stop_button.setVisible(stoppable)
        if stoppable and self.several_button.hasFocus():
            self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_outcome(self, outcome: TrialOutcome, before: str) -> None:
        text = in_a_line(outcome, self._tried.count, self._processors, self._target.limit)
        tried = self._tried.request
        if tried is not None and (tried.index or self._another_chosen) and outcome.kind == "done":
            text = f"#{format.count(tried.index)} {text}"
        tones: dict[str, Tone] = {"done": "muted", "stopped": "muted", "refused": "warn"}
        tone = "warn" if is_in_doubt(outcome, self._target.limit) else tones.get(outcome.kind, "bad")
        self._say(before + text, "muted" if before else tone, how_it_was_timed(outcome))
        self.details.say(at_length(outcome))

    @property
    def _offers_several(self) -> bool:
        """Whether the first answer is there, and there are more arguments to ask."""
        request, done = self._target.request, self._outcome is not None and self._outcome.kind == "done"
        several = self.several.request is None or self.stale
        many = (self._target.count or 0) > 1
        return done and several and many and request is not None and request.job is None and not self.running

    def _show_several(self, before: str) -> None:
        several, limit = self.several, self._target.limit
        text = several_in_a_line(several.tried, several.many, self._tried.count, self._processors, limit)
        bad = any(one.outcome.kind != "done" or is_in_doubt(one.outcome, limit) for one in several.tried)
        self._say(before + text, "muted" if before or not bad else "warn")
        self.details.say(several_at_length(several.tried))

    def _show_button(self) -> None:
        if self._task is not None:
            job, index = self._task
            text = f"Try task {format.count(index)}"
            which = f"task {format.count(index)} of job {job}"
            tip = f"Run the function on the argument of {which}, in a process of its own."
        elif self._index:
            text = f"Try #{format.count(self._index)}"
            tip = "Run the function on the chosen argument, in a process of its own on this computer."
        else:
            text = "Try one"
            tip = "Run the function on the first argument, in a process of its own on this computer."
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.setAccessibleName(text)
        self.button.setAccessibleDescription(tip)
        # Not disabled while it runs: the focus would go elsewhere, and the next press of Space with it.
        self.button.setEnabled(not self.several.running)

    def _say(self, text: str, tone: Tone, tip: str = "") -> None:
        self.line.setText(text)
        self.line.setAccessibleDescription(text)
        self.line.setToolTip(plain_tip(tip))
        set_tone(self.line, tone)

    def _tell_details(self, opened: bool) -> None:
        self.more.set_open(opened)
        self.details.setVisible(opened)

    @Slot(bool)
    def _on_more(self, opened: bool) -> None:
        self.details.setVisible(opened)
        if opened and self.running:
            self._show()
        if opened:  # once it has its place, which is below the edge where the form is a tall one
            QTimer.singleShot(0, self, self._bring_details)

    @Slot()
    def _bring_details(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(self.details)

    @Slot()
    def _on_details_closed(self) -> None:
        self._tell_details(False)
        self.more.setFocus()
