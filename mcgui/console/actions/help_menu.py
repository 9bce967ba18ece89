"""The menu Help: the guide, keys, what is new, and what to put into a report."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import ActionDeclaration

ACTIONS: tuple[ActionDeclaration, ...] = (
    ActionDeclaration(
        "guide",
        "Guide",
        "Open the guide, at the page about where the keyboard is",
        "Help",
        "F1",
        words="manual documentation how to tutorial",
    ),
    ActionDeclaration(
        "shortcuts", "Keyboard shortcuts", "All keys of the window", "Help", "Ctrl+F1", words="keys hotkeys"
    ),
    ActionDeclaration(
        "whats_new",
        "What is new",
        "What has changed from version to version",
        "Help",
        "Ctrl+Shift+F1",
        line=True,
        words="changelog changes release news",
    ),
    ActionDeclaration(
        "report",
        "Version and report…",
        "Versions and the system, to be copied into a report",
        "Help",
        "Shift+F1",
        words="about bug issue version",
    ),
)
