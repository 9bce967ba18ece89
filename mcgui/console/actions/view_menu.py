"""The menu View: panels, colours, and what leads to everything else."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import Declared, Submenu

_SCHEMES = (("system", "As the system", "F7"), ("light", "Light", "F8"), ("dark", "Dark", "F9"))
_PANELS = ("environment", "job", "workers", "throughput", "jobs", "results", "failures", "log")
#: The first is how the actions of the colours are called; the rest is the scheme.
SCHEME = "scheme_"

ACTIONS: tuple[Declared | Submenu, ...] = (
    Declared(
        "palette", "Find an action…", "Find everything that the window can do, by a few letters", "View", "Ctrl+Shift+P"
    ),
    *(
        Declared(
            SCHEME + scheme,
            text,
            f"Show the window in these colours: {text.lower()}",
            "View/Colours",
            keys,
            checkable=True,
            words="theme scheme",
        )
        for scheme, text, keys in _SCHEMES
    ),
    Submenu("View/Go to", line=True),
    Submenu("View/Panels"),
    *(
        Declared(
            f"go_{name}",
            f"Go to the {name}",
            f"Bring the {name} in sight, and the keyboard to it",
            "View/Go to",
            f"Ctrl+{number}",
            words="panel show focus",
        )
        for number, name in enumerate(_PANELS, 1)
    ),
    Declared(
        "reset_layout",
        "Reset the layout",
        "Put all panels back where they were at first",
        "View",
        "Ctrl+Shift+0",
        words="panels docks default",
    ),
)
