"""The menu Workers > Throughput: what can be done with the plot."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import Declared

_MENU = "Workers/Throughput"
ACTIONS: tuple[Declared, ...] = (
    Declared(
        "throughput_pause",
        "Hold the plot still",
        "Look at a moment while the work goes on",
        _MENU,
        "F6",
        checkable=True,
        words="pause freeze",
    ),
    Declared("throughput_picture", "Save the plot as a picture…", "What is drawn, as PNG", _MENU, "Shift+F6"),
    Declared(
        "throughput_numbers",
        "Save the plot's numbers…",
        "What is drawn, as CSV: all together and each worker",
        _MENU,
        "Ctrl+F6",
        words="export csv",
    ),
)
