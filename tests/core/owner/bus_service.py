"""A program on a bus that answers as desktops do: run by the system's Python, whose package `gi` speaks D-Bus.

A line of standard input is JSON: what each method answers from now on, as GVariant's text. By the argument, where that
is a dict; an error where it is missing; nothing at all where it is "never". A line of output follows: the methods that
were called since the last one.
"""

import json
import sys
import threading
from typing import Any

from gi.repository import Gio, GLib

#: Name on the bus, path, and the methods of each interface: what they take, and what they answer.
SERVICES = (
    ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "GetIdletime", "", "t"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver", "GetSessionIdleTime", "", "u"),
    ("org.gnome.SessionManager", "/org/gnome/SessionManager", "IsInhibited", "u", "b"),
    ("org.kde.Solid.PowerManagement.PolicyAgent", "/org/kde/Solid/PowerManagement/PolicyAgent", "HasInhibition", "u", "b"),
    ("org.freedesktop.login1", "/org/freedesktop/login1", "ListInhibitors", "", "a(ssssuu)"),
)  # fmt: skip

answers: dict[str, Any] = {}
waiting = []
asked: list[str] = []


def called(_bus: Any, _who: str, _path: str, _interface: str, method: str, given: Any, invocation: Any) -> None:
    asked.append(method)
    said = answers.get(method)
    if isinstance(said, dict):
        said = said.get(str(given.unpack()[0]), "false")
    if said is None:
        invocation.return_dbus_error("org.example.Error", "it cannot tell")
    elif said == "never":
        waiting.append(invocation)
    else:
        kind = next(out for *_, name, _, out in SERVICES if name == method)
        invocation.return_value(GLib.Variant.parse(GLib.VariantType.new(f"({kind})"), f"({said},)"))


def read() -> None:
    for line in sys.stdin:
        GLib.idle_add(heed, json.loads(line))
    GLib.idle_add(loop.quit)


def heed(fresh: dict[str, Any]) -> bool:
    answers.clear()
    answers.update(fresh)
    print(json.dumps(asked), flush=True)
    asked.clear()
    return False


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
by_name: dict[tuple[str, str], str] = {}
for name, path, method, given, answer in SERVICES:
    taken = f'<arg type="{given}" direction="in"/>' if given else ""
    by_name.setdefault((name, path), "")
    by_name[name, path] += f'<method name="{method}">{taken}<arg type="{answer}" direction="out"/></method>'
for (name, path), methods in by_name.items():
    interface = f"{name}.Manager" if name.endswith("login1") else name
    info = Gio.DBusNodeInfo.new_for_xml(f'<node><interface name="{interface}">{methods}</interface></node>')
    bus.register_object(path, info.interfaces[0], called, None, None)
    Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, None, None)
loop = GLib.MainLoop()
threading.Thread(target=read, daemon=True).start()
loop.run()
