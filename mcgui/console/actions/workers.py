"""The menu Workers: who works for this master, and how others join."""

from __future__ import annotations

from mcgui.console.actions.declared import Declared

ACTIONS: tuple[Declared, ...] = (
    Declared("add_workers", "Add workers…", "How other computers join", "Workers", "Ctrl+J", checkable=True),
    Declared(
        "worker", "Use this computer as a worker", "Run tasks here too", "Workers", "Ctrl+Shift+J", checkable=True
    ),
    Declared(
        "share",
        "Let other computers join",
        "Listen to the network, not only to this computer",
        "Workers",
        "Ctrl+Shift+H",
        checkable=True,
    ),
    Declared(
        "connect",
        "Connect to a master…",
        "Show a master that runs already, by its console link",
        "Workers",
        "Ctrl+Shift+O",
        checkable=True,
        line=True,
        words="attach remote link cluster",
    ),
    Declared(
        "disconnect",
        "Disconnect",
        "Let go of the master elsewhere, which goes on, and start this window's own again",
        "Workers",
        "Ctrl+Shift+D",
        words="detach back own",
    ),
    Declared(
        "copy_worker_link",
        "Copy the worker link",
        "All that another computer needs to work here",
        "Workers",
        "Ctrl+Shift+L",
        "copy",
        line=True,
    ),
    Declared(
        "copy_console_link",
        "Copy the console link",
        "Opens this cluster in a console elsewhere, with all rights",
        "Workers",
        "Ctrl+Shift+K",
    ),
)
