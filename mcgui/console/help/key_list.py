"""All keys of the window, as a page: made of the actions that have them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction

from mcgui.console.actions.action_registry import keys_of


def key_page(leaves: Iterable[tuple[str, QAction]]) -> str:
    """Markdown: a table for each menu. `leaves` are (path of the menu, action)."""
    found: dict[str, list[str]] = {}
    for path, action in leaves:
        if keys_of(action):
            menu, _, below = path.partition("/")
            words = f"{below.replace('/', ', ')}: {action.text()}" if below else action.text()
            found.setdefault(menu, []).append(f"| {_escaped(keys_of(action))} | {_escaped(words)} |")
    parts = [f"## {menu}\n\n| Keys | What they do |\n| --- | --- |\n" + "\n".join(rows) for menu, rows in found.items()]
    head = (
        "# Keyboard shortcuts\n\nEverything that the window can do is found by a few letters, too: "
        "*Find an action* in the menu View.\n\nTab and Shift+Tab go from field to field; Enter opens a row, "
        "Escape closes what lies over the window.\n\n"
    )
    return head + "\n\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    for sign in ("\\", "|", "`", "*", "_", "[", "]", "<", ">"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "")
