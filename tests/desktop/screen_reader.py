"""What a screen reader gets of a program: run by the system's Python, whose package `gi` has the AT-SPI library.

It prints a line of JSON for each thing that it hears, and answers a line "tree NAME" with a program's tree of objects.
"""

import json
import sys
import threading
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

#: Deeper than any window is.
DEEP = 60


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def described(thing: Any, depth: int = 0) -> dict[str, Any]:
    """An object with all below it, as far as it is there."""
    states = thing.get_state_set()
    found = {
        "role": thing.get_role_name(),
        "name": thing.get_name() or "",
        "description": thing.get_description() or "",
        "states": sorted(state.value_nick for state in states.get_states()),
        "children": [],
    }
    try:
        text = thing.get_text_iface()
        found["text"] = Atspi.Text.get_text(thing, 0, min(200, Atspi.Text.get_character_count(thing))) if text else ""
    except GLib.Error:
        found["text"] = ""
    # A table of a million rows is not walked: those in sight say what the others would.
    count = min(thing.get_child_count(), 120) if depth < DEEP else 0
    for number in range(count):
        try:
            child = thing.get_child_at_index(number)
            if child is not None:
                found["children"].append(described(child, depth + 1))
        except GLib.Error:
            continue
    return found


def program(name: str) -> Any:
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        found = desktop.get_child_at_index(number)
        if found is not None and found.get_name() == name:
            return found
    return None


def answer(line: str) -> bool:
    _, name = line.split(maxsplit=1)
    try:
        found = program(name.strip())
        say(tree=None if found is None else described(found))
    except GLib.Error as error:
        say(tree=None, error=str(error))
    return False


def hear(event: Any) -> None:
    try:
        source = event.source
        if event.type.startswith("object:announcement"):
            say(heard="announcement", text=str(event.any_data))
        elif event.type == "object:state-changed:focused" and event.detail1:
            say(heard="focus", role=source.get_role_name(), name=source.get_name() or "")
    except GLib.Error:
        return


def read() -> None:
    for line in sys.stdin:
        GLib.idle_add(answer, line)
    GLib.idle_add(Atspi.event_quit)


Atspi.init()
listener = Atspi.EventListener.new(hear)
# Names and states are told to whoever has asked to be told of their changes, as every screen reader does.
for kind in ("object:announcement", "object:state-changed", "object:property-change", "object:children-changed"):
    listener.register(kind)
say(ready=True)
threading.Thread(target=read, daemon=True).start()
Atspi.event_main()
