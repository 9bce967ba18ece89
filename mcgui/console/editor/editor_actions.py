"""Connects what is declared in the menu Edit to the editor."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence

from mcgui.console.actions import ActionRegistry
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.form.job_form import JobForm


def connect_editor(actions: ActionRegistry, panel: EnvironmentPanel, form: JobForm) -> None:
    """Let the actions act on the file that is in front. Their keys hold where the panel has the focus."""
    commands = EditorCommands(panel)
    do = {
        "undo": commands.undo,
        "redo": commands.redo,
        "find": commands.find,
        "replace": commands.replace,
        "find_next": panel.find_bar.go_to_next,
        "find_previous": panel.find_bar.go_to_previous,
        "go_to_line": commands.ask_line,
        "next_problem": commands.next_problem,
        "previous_problem": commands.previous_problem,
        "complete": panel.completion.complete,
        "signature": panel.completion.show_signature,
        "comment": commands.comment,
        "indent": commands.indent,
        "unindent": commands.unindent,
        "line_up": commands.line_up,
        "line_down": commands.line_down,
        "duplicate": commands.duplicate,
        "zoom_in": commands.zoom_in,
        "zoom_out": commands.zoom_out,
        "zoom_reset": commands.zoom_reset,
        "close_tab": panel.close_file,
        "reopen_tab": panel.reopen,
        "next_tab": panel.next_file,
        "previous_tab": panel.previous_file,
    }
    for name, act in do.items():
        actions[name].triggered.connect(act)
        panel.addAction(actions[name])
    # Where + is a shifted key, it is pressed without Shift.
    actions["zoom_in"].setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
    actions["go_to_function"].triggered.connect(form.function.jump)
    actions["go_to_reduce"].triggered.connect(form.reduce.jump)
    for picker in (form.function, form.reduce):
        picker.jump_wanted.connect(panel.go_to_line)


class EditorCommands(QObject):
    """What an action does to the file that is in front when it is triggered."""

    def __init__(self, panel: EnvironmentPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    @Slot()
    def undo(self) -> None:
        if not self._panel.editor.isReadOnly():  # a long text is still being pasted
            self._panel.editor.undo()

    @Slot()
    def redo(self) -> None:
        self._panel.editor.redo()

    @Slot()
    def find(self) -> None:
        self._panel.find_bar.open()

    @Slot()
    def replace(self) -> None:
        self._panel.find_bar.open(replacing=True)

    @Slot()
    def ask_line(self) -> None:
        self._panel.go_to_bar.open(self._panel.editor)

    @Slot()
    def next_problem(self) -> None:
        self._panel.editor.go_to_problem()

    @Slot()
    def previous_problem(self) -> None:
        self._panel.editor.go_to_problem(forwards=False)

    @Slot()
    def comment(self) -> None:
        self._panel.editor.toggle_comment()

    @Slot()
    def indent(self) -> None:
        self._panel.editor.indent_lines()

    @Slot()
    def unindent(self) -> None:
        self._panel.editor.unindent()

    @Slot()
    def line_up(self) -> None:
        self._panel.editor.move_lines_up()

    @Slot()
    def line_down(self) -> None:
        self._panel.editor.move_lines_down()

    @Slot()
    def duplicate(self) -> None:
        self._panel.editor.duplicate()

    @Slot()
    def zoom_in(self) -> None:
        self._panel.editor.zoom(1)

    @Slot()
    def zoom_out(self) -> None:
        self._panel.editor.zoom(-1)

    @Slot()
    def zoom_reset(self) -> None:
        self._panel.editor.zoom(0)
