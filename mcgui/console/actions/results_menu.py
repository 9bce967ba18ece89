"""The menu Results: what can be done with results, failures and the log."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import Declared

ACTIONS: tuple[Declared, ...] = (
    Declared(
        "export",
        "Export results…",
        "Write the results to a file: CSV, JSON Lines, Parquet, NumPy or pickle",
        "Results",
        "Ctrl+Shift+X",  # not Ctrl+E: on X11 a line edit takes that for the end of its line
        "export",
        words="save csv json parquet numpy pickle",
    ),
    Declared(
        "copy_python",
        "Copy as Python",
        "Copy a script that loads these results from this master",
        "Results",
        "Ctrl+Shift+E",
        "copy",
        words="snippet code notebook load",
    ),
    Declared(
        "find_results",
        "Filter the results",
        "Show only tasks with a text in their argument, result, failure or node",
        "Results",
        "Ctrl+Shift+F",
        "search",
        words="search find",
    ),
    Declared(
        "plot_results",
        "Results as a plot",
        "Plot the results where they are numbers, or show them as a table",
        "Results",
        "Ctrl+Shift+G",
        checkable=True,
        words="histogram graph chart",
    ),
    Declared(
        "copy_failure",
        "Copy the failure",
        "Copy the selected failure with its whole traceback",
        "Results",
        "Ctrl+Shift+B",
        line=True,
        words="traceback exception error",
    ),
    Declared(
        "find_log",
        "Search the log",
        "Search what all workers and tasks have said, those that have left too",
        "Results",
        "Ctrl+L",
        line=True,
        words="find output print",
    ),
    Declared(
        "save_log",
        "Save the log…",
        "Write what all tasks printed, as filtered in the log, to a file",
        "Results",
        "Ctrl+Shift+I",
        words="output print download",
    ),
)
