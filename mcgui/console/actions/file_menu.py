"""The menu File: documents, the program's preferences and its end."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from mcgui.console.actions.action_declaration import Declared, Submenu

_Key = QKeySequence.StandardKey

ACTIONS: tuple[Declared | Submenu, ...] = (
    Declared("new", "New environment", "Begin an empty environment", "File", _Key.New, "new"),
    Declared("open", "Open…", "Open a job document or an environment", "File", _Key.Open, "open"),
    Submenu("File/Examples"),
    Submenu("File/Recent"),
    Declared("save", "Save", "Save the environment", "File", _Key.Save, "save", line=True),
    Declared("save_as", "Save environment as…", "Save the environment under another name", "File", "Ctrl+Shift+S"),
    Declared(
        "save_job",
        "Save job…",
        "Save environment, function, arguments and options as a job document",
        "File",
        "Ctrl+Shift+M",
        words="mcjob document",
    ),
    Declared(
        "save_script",
        "Save job as a Python script…",
        "Save a script that runs this job by mcgui_core, without the window",
        "File",
        "Ctrl+Shift+Y",
        words="export code mcgui_core",
    ),
    Declared(
        "preferences",
        "Preferences…",
        "Address, port, journal, colours, font and notifications",
        "File",
        "Ctrl+,",
        "settings",
        line=True,
        words="settings options theme address port journal font",
    ),
    Declared("quit", "Quit", "End the window and the master in it", "File", "Ctrl+Q", line=True, words="exit close"),
)
