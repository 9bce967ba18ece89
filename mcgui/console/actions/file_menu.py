"""The menu File: documents, the program's preferences and its end."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from mcgui.console.actions.action_declaration import ActionDeclaration, Submenu

_Key = QKeySequence.StandardKey

ACTIONS: tuple[ActionDeclaration | Submenu, ...] = (
    ActionDeclaration("new", "New environment", "Begin an empty environment", "File", _Key.New, "new"),
    ActionDeclaration("open", "Open…", "Open a job document or an environment", "File", _Key.Open, "open"),
    Submenu("File/Examples"),
    Submenu("File/Recent"),
    ActionDeclaration("save", "Save", "Save the environment", "File", _Key.Save, "save", line=True),
    ActionDeclaration(
        "save_as", "Save environment as…", "Save the environment under another name", "File", "Ctrl+Shift+S"
    ),
    ActionDeclaration(
        "save_job",
        "Save job…",
        "Save environment, function, arguments and options as a job document",
        "File",
        "Ctrl+Shift+M",
        words="mcjob document",
    ),
    ActionDeclaration(
        "save_script",
        "Save job as a Python script…",
        "Save a script that runs this job by mcgui_core, without the window",
        "File",
        "Ctrl+Shift+Y",
        words="export code mcgui_core",
    ),
    ActionDeclaration(
        "preferences",
        "Preferences…",
        "Address, port, journal, colours, font and notifications",
        "File",
        "Ctrl+,",
        "settings",
        line=True,
        words="settings options theme address port journal font",
    ),
    ActionDeclaration(
        "quit", "Quit", "End the window and the master in it", "File", "Ctrl+Q", line=True, words="exit close"
    ),
)
