"""What else can be said of a job: its name, and what happens when tasks fail. Folded away until somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from mcgui import format
from mcgui.console.form.option_problems import problem_of_seed, problem_of_setup, problem_of_shared
from mcgui.console.form.shared_text import SharedText
from mcgui.console.parts.scroll_when_small import StaysInSight, bring_in_sight
from mcgui.console.parts.tab_order import put_after
from mcgui.fold_button import FoldButton
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme
from mcgui_core.protocol.run_options import DEFAULTS, RunOptions

if TYPE_CHECKING:
    from mcgui.console.form.options_form import OptionsForm
    from mcgui_core.arguments.shared_expressions import Shared
    from mcgui_core.environment.environment_source import Environment
    from mcgui_core.environment.function_info import FunctionInfo
    from mcgui_core.protocol.run_options import CallStyle


@dataclass(frozen=True, slots=True)
class JobOptions(RunOptions):
    """The options of a job, its name and its shared values; how arguments are passed is no matter of this row."""

    name: str = ""  # "": the window names the job
    shared: str = ""  # the text of its shared values, as it was typed


class JobOptionsRow(QWidget):
    """A line that sums the options up, and unfolds into their fields, which are made when that happens first.

    Signals:
        changed(): `options` are others.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = JobOptions()
        self._shared = SharedText()
        self._problem = self._about = ""
        self._form: OptionsForm | None = None
        self._in_sight = StaysInSight(self, self._bring_form, once=True)
        self.toggle = FoldButton("Options", "Options of the job", theme, self, wraps=True)
        self.toggle.turned.connect(self._on_turned)
        self._head = head = QGridLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setVerticalSpacing(2)
        head.setColumnStretch(1, 1)
        head.addWidget(self.toggle, 0, 0)
        self._tools: list[QWidget] = []
        self._tools_row = QHBoxLayout()
        head.addLayout(self._tools_row, 0, 2)
        self._is_below = False
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        self._show()

    def add(self, widget: QWidget) -> None:
        """Something that stands at the end of the line, and below it where there is too little room for both."""
        self._tools_row.addWidget(widget)
        put_after(self._last, widget)
        self._tools.append(widget)

    @property
    def _last(self) -> QWidget:
        """What the Tab key comes to last in the line."""
        return self._tools[-1] if self._tools else self.toggle

    def _needed(self) -> int:
        """Pixels of what stands at the end."""
        return sum(tool.sizeHint().width() + self._tools_row.spacing() for tool in self._tools)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        least = max(self.toggle.minimumSizeHint().width(), self._needed())
        return QSize(
            max(least, self._form.minimumSizeHint().width() if self.toggle.is_open and self._form else 0), hint.height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = self.width() < self.toggle.minimumSizeHint().width() + self._needed()
        if below != self._is_below:
            self._is_below = below
            self._head.removeItem(self._tools_row)
            self._head.addLayout(self._tools_row, int(below), 0 if below else 2, 1, 3 if below else 1)

    @property
    def form(self) -> OptionsForm:
        """The fields; made when somebody asks for them."""
        if self._form is None:
            from mcgui.console.form.options_form import OptionsForm

            self._form = made = OptionsForm(self)
            made.show_options(_by_name(self._options))
            made.show_problem(self._problem, self._about)
            made.edited.connect(self._on_edited)
            made.setVisible(self.toggle.is_open)
            self._layout.addWidget(made)
            put_after(self._last, made)
        return self._form

    @property
    def options(self) -> JobOptions:
        return self._options

    @property
    def shared(self) -> Shared:
        """Names and expressions of the values that each call is given; while their text is no Python, those of
        before."""
        return self._shared.shared

    def set_options(self, options: JobOptions) -> None:
        """Show these; `changed` is emitted once."""
        options = replace(options, call=DEFAULTS["call"])  # which is said elsewhere
        if self._form is not None:
            self._form.show_options(_by_name(options))
        self._take(options)

    def problem(
        self,
        function: FunctionInfo | None,
        environment: Environment | None,
        call: CallStyle = "single",
        passed: Sequence[str] = (),
    ) -> str:
        """Why a job of this function cannot have these options, as a sentence; "" where it can, or nobody knows yet.
        `passed` are the parameters that the arguments fill."""
        options = self._options
        found = {
            "setup": problem_of_setup(options.setup, environment),
            "seed": problem_of_seed(options.seed, function, call),
            "shared": self._shared.problem
            or problem_of_shared(self._shared.shared, function, environment, options.seed, call, passed),
        }
        self._about, self._problem = next(((about, said) for about, said in found.items() if said), ("", ""))
        if self._form is not None:
            self._form.show_problem(self._problem, self._about)
        return self._problem

    @Slot()
    def _on_edited(self) -> None:
        self._take(JobOptions(**self.form.chosen))

    def _take(self, options: JobOptions) -> None:
        self._options = options
        self._shared.say(options.shared)
        self._show()
        self.changed.emit()

    @Slot(bool)
    def _on_turned(self, opened: bool) -> None:
        self._show()
        if opened:  # they are below the edge of a small window
            self._in_sight.begin()
        else:
            self._in_sight.end()

    @Slot()
    def _bring_form(self) -> None:
        bring_in_sight(self, self.form.remark if self._problem else None)

    @Slot()
    def _show(self) -> None:
        if self.toggle.is_open or self._form is not None:
            self.form.setVisible(self.toggle.is_open)
        said = self._summary()
        self.toggle.setText(said)
        self.toggle.setToolTip(plain_tip(said) if said != "Options" else "Options of the job")
        self.toggle.setAccessibleName(said.replace("Options", "Options of the job", 1))

    def _summary(self) -> str:
        options = self.options
        said_of = {
            "retries": format.plural(options.retries, "retry", "retries"),
            "backoff": f"first retry after {format.duration(options.backoff)}",
            "timeout": f"{format.duration(options.timeout or 0)} a task",
            "memory": f"{format.bytes(options.memory)} a process",
            "hedge": "late tasks are not repeated",
            "on_error": "stops at a failure",
            "priority": f"priority {options.priority}",
            "chunksize": f"{options.chunksize} tasks a chunk",
            "setup": f"set up by {options.setup}",
            "seed": f"seed {options.seed}",
        }
        parts = [said_of[name] for name in said_of if getattr(options, name) != DEFAULTS[name]]
        if self.shared:
            parts.append(f"shared {', '.join(name for name, _ in self.shared)}")
        if options.name:
            parts.insert(0, f"“{options.name}”")
        said = ", ".join(parts)
        return f"Options: {said}" if said else "Options"


def _by_name(options: JobOptions) -> dict[str, Any]:
    return {field.name: getattr(options, field.name) for field in fields(options)}
