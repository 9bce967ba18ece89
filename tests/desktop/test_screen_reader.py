"""Both programs as a screen reader has them: what can have the focus says what it is, and one whole job is heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui.settings import Settings
from mcgui.worker.tray.notifications import NOTICE_KINDS
from mcgui_core import Master
from tests.desktop.accessible_desktop import ScreenReader, Thing, screen_reader, session_bus, why_there_is_none
from tests.desktop.conftest import Desktop
from tests.desktop.test_console_for_real import started
from tests.desktop.test_tray_for_real import worker
from tests.waiting import until

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(170)]

CONSOLE, WORKER = "mcgui", "mcgui-worker"
SOURCE = "def square(x): return x ** 2"
MEET = "import pathlib, time\ndef wait(path):\n    while not pathlib.Path(path).exists():\n        time.sleep(0.02)\n"


@pytest.fixture
def heard(desktop: Desktop) -> Iterator[tuple[Desktop, ScreenReader]]:
    missing = why_there_is_none()
    if missing:
        pytest.skip(f"No screen reader can be had: {missing}")
    with session_bus(desktop) as accessible, screen_reader(accessible) as reader:
        yield accessible, reader


def test_everything_in_the_worker_that_can_have_the_focus_says_what_it_is(
    heard: tuple[Desktop, ScreenReader], tmp_path: Path
) -> None:
    desktop, reader = heard
    settings = Settings(Path(desktop.env["XDG_CONFIG_HOME"], "mcgui", "worker.ini"))
    settings.set("worker/quiet", sorted(NOTICE_KINDS))  # where nobody else shows notifications, Qt opens windows
    settings.sync()
    faults: dict[str, list[str]] = {}

    def look(state: str, words: str) -> None:
        until(lambda: reader.says(words), 40, f"that {words!r} is said")
        faults[state] = reader.faults(WORKER)

    with Master() as master, worker(desktop, master, "--nprocs=1"):
        window = desktop.wait_for_window("mcgui worker$")
        look("ready", "Ready for this computer")
        job = master.submit(MEET, "wait", [str(tmp_path / "go")])
        look("at work", "Working for this computer")
        (node,) = master.nodes()
        master.steer(node.id, pause=True)
        look("pausing", "Pausing from the console")
        (tmp_path / "go").touch()
        assert job.wait(40).state == "finished"
        look("paused", "Paused from the console")
        desktop.xdotool("windowfocus", "--sync", window)
        # Backwards from the slider to the button that leads to the preferences: it stands before the limits.
        until(lambda: reader.focus == "Processors that may work", what="the focus on the slider")
        desktop.xdotool("key", "Tab")
        until(lambda: reader.focus == "Preferences", what="the focus on what stands at the head of the limits")
        desktop.xdotool("key", "space")
        dialog = desktop.wait_for_window("Preferences of the mcgui worker")
        faults["preferences"] = reader.faults(WORKER)
        desktop.xdotool("windowfocus", "--sync", dialog, "key", "shift+Tab")
        until(
            lambda: reader.focus == "Limits" or desktop.xdotool("key", "Tab"), what="the focus on the tabs", pause=0.3
        )
        desktop.xdotool("key", "Right")
        until(lambda: reader.focus == "Weekly schedule", what="the second page")
        faults["schedule"] = reader.faults(WORKER)
        desktop.xdotool("key", "Escape")
    assert {state: found for state, found in faults.items() if found} == {}


def test_everything_in_the_console_that_can_have_the_focus_says_what_it_is(
    heard: tuple[Desktop, ScreenReader], tmp_path: Path
) -> None:
    desktop, reader = heard
    faults: dict[str, list[str]] = {}
    with started(desktop, "--demo", "--port", 0, "--journal", tmp_path / "demo.journal"):
        window = desktop.wait_for_window(r" - mcgui", 60)
        until(lambda: reader.says("finished after"), 100, "that the job has ended")
        faults["a job is over"] = reader.faults(CONSOLE)
        desktop.xdotool("windowfocus", "--sync", window, "key", "ctrl+j")
        until(lambda: reader.focus == "Let other computers join", what="the focus in the panel that opened")
        faults["workers are added"] = reader.faults(CONSOLE)
        desktop.xdotool("key", "Escape")
        for keys in ("ctrl+6", "ctrl+7", "ctrl+8"):
            desktop.xdotool("key", keys)
            faults[keys] = reader.faults(CONSOLE)
        desktop.xdotool("key", "ctrl+5", "F5")
        desktop.wait_for_window("differ|now")
        faults["a comparison"] = reader.faults(CONSOLE)
        desktop.xdotool("windowfocus", "--sync", window, "key", "ctrl+comma")
        dialog = desktop.wait_for_window("Preferences")
        faults["preferences"] = reader.faults(CONSOLE)
        desktop.xdotool("windowfocus", "--sync", dialog, "key", "alt+j", "ctrl+a")
        until(lambda: reader.focus == "Journal folder", what="the focus on the folder")
        desktop.xdotool("type", "/proc/nowhere")
        desktop.xdotool("key", "Return")
        until(lambda: reader.says("The journal cannot be in /proc/nowhere"), what="why that is no folder")
        faults["preferences with an error"] = reader.faults(CONSOLE)
        desktop.xdotool("key", "Escape")
    assert {state: found for state, found in faults.items() if found} == {}


def test_a_whole_job_is_done_by_keys_and_each_of_its_steps_is_heard(
    heard: tuple[Desktop, ScreenReader], tmp_path: Path
) -> None:
    desktop, reader = heard
    with started(desktop, "--port", 0, "--journal", tmp_path / "empty.journal"):
        window = desktop.wait_for_window("mcgui$")
        desktop.xdotool("windowfocus", "--sync", window, "key", "ctrl+1")
        until(lambda: "Python source" in reader.focus, what="the focus in the editor")
        desktop.xdotool("type", "--delay", 60, SOURCE)
        until(lambda: any(thing.text == SOURCE for thing in reader.things(CONSOLE)), what="the text", pause=0.5)
        desktop.xdotool("key", "Escape")
        desktop.xdotool("key", "alt+g")
        until(lambda: reader.focus == "Expression", what="the focus on where arguments come from")
        desktop.xdotool("key", "Tab")
        until(lambda: reader.focus == "Expression that gives the arguments", what="the focus in the expression")
        desktop.xdotool("key", "ctrl+a")
        desktop.xdotool("type", "--delay", 20, "range(7, 50)")
        # Again where it was too soon, and is told so.
        until(
            lambda: reader.says("→ 49 in") or desktop.xdotool("key", "ctrl+t"),
            60,
            "what came of the try",
            pause=3.0,
        )
        assert reader.focus == "Expression that gives the arguments", "a try takes the focus from nowhere"
        before = len(reader.heard)
        desktop.xdotool("key", "ctrl+r")
        until(lambda: reader.says("43 of 43 tasks done", before), 60, "the end of the job, with its numbers")
        desktop.xdotool("key", "ctrl+6")
        until(lambda: reader.focus in ("Results", "#: 0"), what="the focus in the results")
        until(lambda: reader.focus == "Result: 49" or desktop.xdotool("key", "Right"), what="the result", pause=1.0)
        assert reader.says("Argument: 7", before)
        before = len(reader.heard)
        desktop.xdotool("key", "ctrl+r")
        until(lambda: reader.says("43 of 43 tasks done", before), 60, "the end of the second job")
        moved = [one for one in reader.heard[before:] if one["heard"] == "focus" and one["name"] != "No results yet"]
        assert {one["role"] for one in moved} <= {"table", "table cell"}, f"it stays in the results, not {moved}"


@pytest.mark.parametrize(
    ("role", "name", "text", "fault"),
    [
        ("push button", "Run", "", ""),
        ("push button", "", "", "no name and no text"),
        ("push button", "", "Run", ""),
        ("text", "", "def f(x): return x", "no name"),
        ("table", "", "", "no name"),
        ("filler", "Plot", "Tasks a second", "no role"),
        ("chart", "Plot", "", ""),
    ],
)
def test_an_object_is_at_fault_that_does_not_say_what_it_is(role: str, name: str, text: str, fault: str) -> None:
    states = frozenset({"focusable", "showing", "sensitive"})
    thing = Thing(role, name, "", text, states, ("window",))
    assert (thing.can_have_the_focus, thing.fault) == (True, fault)
    assert not Thing(role, name, "", text, states - {"showing"}, ()).can_have_the_focus
