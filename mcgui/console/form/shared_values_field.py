"""A field for values that all calls share: lines such as `table = load_table()`, checked as they are typed."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from mcgui.console.parts.hint_room import HintRoom
from mcgui.theme import monospace, set_tone
from mcgui_core.arguments.call_fit import misfit_of_names
from mcgui_core.arguments.shared_expressions import Shared, read_shared
from mcgui_core.errors import BadInput

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import Environment
    from mcgui_core.environment.function_info import FunctionInfo
    from mcgui_core.protocol.run_options import CallStyle

#: Lines of text that are seen at once, at least and at most.
_LEAST, _MOST = 2, 6
#: Characters up to which a text is checked as it is typed; what is longer belongs into the environment.
_LONGEST: Final = 20_000
_HINT: Final = "Each is made once, and given to every call by its name."
_OWN: Final = frozenset({*dir(builtins), "math"})


class SharedValuesField(QWidget):
    """A text of several lines; below it what is wrong in it, or what it is for.

    Signals:
        edited(): the text is another.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _Lines(self)
        self.remark = QLabel(self)
        self.remark.setWordWrap(True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        HintRoom(self.remark, 1)
        self.setFocusProxy(self.text)
        self._good: Shared = ()
        self._problem = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        layout.addWidget(self.remark)
        self.text.textChanged.connect(self._on_text_changed)
        self._show("")

    @property
    def shared(self) -> Shared:
        """Names and expressions; while the text is no Python, those of before."""
        return self._good

    @property
    def chosen(self) -> str:
        """The text as it stands, right or wrong."""
        return self.text.toPlainText()

    def choose(self, text: str) -> None:
        """Show this text."""
        if text != self.chosen:
            self.text.setPlainText(text)

    def problem(
        self,
        function: FunctionInfo | None,
        environment: Environment | None,
        seed: str | None,
        call: CallStyle = "single",
    ) -> str:
        """Why these values cannot be given to this function, as a sentence; "" where they can, or nobody knows yet."""
        problem = self._problem or misfit_of_shared(self._good, function, environment, seed, call)
        self._show(problem)
        return problem

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.chosen
        try:
            if len(text) > _LONGEST:
                raise BadInput("The shared values are very long: put data into a function of the environment.")
            self._good, self._problem = read_shared(text), ""
        except BadInput as error:
            self._problem = str(error)
        self._show(self._problem)
        self.edited.emit()

    def _show(self, problem: str) -> None:
        said = problem or _HINT
        if said != self.remark.text():
            self.remark.setText(said)
            set_tone(self.remark, "bad" if problem else "muted")
            self.text.setAccessibleDescription(said)


def misfit_of_shared(
    shared: Shared,
    function: FunctionInfo | None,
    environment: Environment | None,
    seed: str | None,
    call: CallStyle = "single",
) -> str:
    """Why a function cannot be given these values, as a sentence; "" where it can, or where that cannot be told."""
    names = [name for name, _ in shared]
    if problem := misfit_of_names(function, call, names, seed if "seed" in names else None):
        return problem
    for name, expression in shared:
        if environment is not None and (unknown := _unknown(expression, environment)):
            return f"{name} = {_short(expression)} uses {unknown}, which the environment does not define."
    return ""


def _unknown(expression: str, environment: Environment) -> str:
    """A name in an expression that nobody defines; "" where there is none."""
    tree = ast.parse(f"({expression})", mode="eval")
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used = (node.id for node in names if isinstance(node.ctx, ast.Load))
    return next((name for name in used if name not in made | _OWN and not environment.defines(name)), "")


def _short(expression: str) -> str:
    line = " ".join(expression.split())
    return line if len(line) <= 40 else f"{line[:38]}…"


class _Lines(QPlainTextEdit):
    """As high as its text, within limits. Tab leaves it, as it leaves any other field."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("table = load_table()")
        self.setAccessibleName("Shared values")
        self.setToolTip("Names and expressions, a line each, over what the environment defines: table = load_table()")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(monospace())
        self.textChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        lines = max(_LEAST, min(self.blockCount(), _MOST))
        margins = self.contentsMargins()
        air = 2 * round(self.document().documentMargin()) + margins.top() + margins.bottom() + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + air)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())
