"""The menu Job: running, and what can be done with the job that is shown."""

from __future__ import annotations

from mcgui.console.actions.declared import Declared

ACTIONS: tuple[Declared, ...] = (
    Declared("run", "Run", "Run the function on all of the arguments", "Job", "Ctrl+R", "run", words="start submit"),
    Declared(
        "try_one",
        "Try one",
        "Run the function on one argument on this computer, and see what comes of it",
        "Job",
        "Ctrl+T",
        words="test first argument time traceback",
    ),
    Declared(
        "pause", "Pause", "Start no more tasks of this job; those that run go on", "Job", "Ctrl+P", words="resume"
    ),
    Declared("cancel", "Cancel", "End this job now. Results so far stay", "Job", "Ctrl+.", words="stop abort"),
    Declared("retry", "Retry failed", "Run the failed tasks of this job again", "Job", "Ctrl+Shift+R", "retry"),
)
