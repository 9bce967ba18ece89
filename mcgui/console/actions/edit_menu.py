"""The menu Edit: what can be done in the editor of the environment."""

from __future__ import annotations

import sys

from PySide6.QtGui import QKeySequence

from mcgui.console.actions.action_declaration import Declared, Keys

_Key = QKeySequence.StandardKey
# Command+H hides a program on macOS, and Command+Space is the system's.
_REPLACE: Keys = "Ctrl+Alt+F" if sys.platform == "darwin" else "Ctrl+H"
_COMPLETE: Keys = "Meta+Space" if sys.platform == "darwin" else "Ctrl+Space"


def _edit(
    name: str, text: str, tip: str, shortcut: Keys, menu: str = "Edit", line: bool = False, words: str = ""
) -> Declared:
    return Declared(name, text, tip, menu, shortcut, line=line, scope="panel", words=words)


ACTIONS: tuple[Declared, ...] = (
    _edit("undo", "Undo", "Take the last change of the text back", _Key.Undo),
    _edit("redo", "Redo", "Do again what was taken back", _Key.Redo),
    _edit("find", "Find…", "Find words or a regular expression here", "Ctrl+F", line=True, words="search"),
    _edit("replace", "Replace…", "Find, and put something else in place", _REPLACE, words="search substitute"),
    _edit("find_next", "Find next", "Go to the next match", "F3"),
    _edit("find_previous", "Find previous", "Go to the match before", "Shift+F3"),
    _edit("go_to_line", "Go to line…", "Go to a line by its number", "Ctrl+G", line=True, words="jump"),
    _edit("next_problem", "Next problem", "Go to the next line that has a problem", "F4", words="error warning"),
    _edit("previous_problem", "Previous problem", "Go to the problem before", "Shift+F4", words="error warning"),
    _edit("complete", "Complete", "Offer the names that may stand here", _COMPLETE, line=True, words="suggest jedi"),
    _edit("signature", "Show parameters", "Show what the call takes that the cursor is in", "Ctrl+Shift+Space"),
    _edit("comment", "Comment out or in", "Make comments of the lines, or code again", "Ctrl+/", line=True),
    _edit("indent", "Indent", "Move the lines to the right", "Ctrl+]"),
    _edit("unindent", "Unindent", "Move the lines to the left", "Ctrl+["),
    _edit("line_up", "Move lines up", "Let the lines change places with the one above", "Alt+Up"),
    _edit("line_down", "Move lines down", "Let the lines change places with the one below", "Alt+Down"),
    _edit("duplicate", "Duplicate lines", "Put a copy of the lines below them", "Ctrl+D", words="copy"),
    _edit("zoom_in", "Larger text", "Show the environment larger", "Ctrl++", "Edit/Zoom", words="font size"),
    _edit("zoom_out", "Smaller text", "Show the environment smaller", "Ctrl+-", "Edit/Zoom", words="font size"),
    _edit("zoom_reset", "Usual size", "Show the environment in its usual size", "Ctrl+0", "Edit/Zoom"),
    _edit("close_tab", "Close file", "Close the file. Its changes can be brought back", "Ctrl+W", line=True),
    _edit("reopen_tab", "Reopen closed file", "Open the file that was closed last", "Ctrl+Shift+T", words="tab undo"),
    _edit("next_tab", "Next file", "Bring the next open file to the front", "Ctrl+PgDown", words="tab"),
    _edit("previous_tab", "Previous file", "Bring the open file before to the front", "Ctrl+PgUp", words="tab"),
    Declared(
        "go_to_function",
        "Go to the function",
        "Go to where the chosen function is defined",
        "Edit",
        "F12",
        line=True,
        words="jump definition",
    ),
    Declared(
        "go_to_reduce",
        "Go to the reduce function",
        "Go to where the chosen reduce function is defined",
        "Edit",
        "Shift+F12",
        words="jump definition",
    ),
)
