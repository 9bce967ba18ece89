"""The ways in which another computer joins, with what to type there. No Qt in here.

A link is given by an environment variable or pasted, never as an argument: everybody on a computer can list those.
"""

from __future__ import annotations

from dataclasses import dataclass

_HIDDEN = "•" * 12
_INSTALL, _INSTALL_TRAY = "pip install .", 'pip install ".[gui]"'
_THEN = "Install in a copy of mcgui's folder. It gives all processors; add --nprocs 4 to give 4. Ctrl+C ends it."
_ONCE = "Install, once"


@dataclass(frozen=True)
class JoinInstruction:
    """One of them. `lines` are (what for, the command) each."""

    label: str
    lines: tuple[tuple[str, str], ...]
    then: str = ""  # what to do after that


def ways(link: str) -> tuple[JoinInstruction, ...]:
    """All of them, with this link."""
    start = "Start"
    return (
        JoinInstruction(
            "With a screen",
            ((_ONCE, _INSTALL_TRAY), (start, "mcgui-worker")),
            "Install in a copy of mcgui's folder. Then paste the link, press Connect, and choose how much to give.",
        ),
        JoinInstruction("Linux, macOS", ((_ONCE, _INSTALL), (start, f"MCGUI_LINK='{link}' mcgui-core worker")), _THEN),
        JoinInstruction(
            "PowerShell", ((_ONCE, _INSTALL), (start, f"$env:MCGUI_LINK='{link}'; mcgui-core worker")), _THEN
        ),
        JoinInstruction(
            "Command prompt", ((_ONCE, _INSTALL), (start, f'set "MCGUI_LINK={link}" && mcgui-core worker')), _THEN
        ),
    )


def hidden(link: str) -> str:
    """The link with its key covered, for a screen that others look at."""
    return f"{link.partition('#')[0]}#{_HIDDEN}" if "#" in link else link
