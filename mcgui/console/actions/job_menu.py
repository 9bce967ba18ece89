"""The menu Job: running, and what can be done with the job that is shown."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import Declared

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
    Declared(
        "run_again",
        "Run again",
        "Run this job once more, on the same arguments, as another job",
        "Job",
        "Ctrl+Shift+A",
        words="repeat rerun once more",
    ),
    Declared(
        "raise_priority",
        "Raise the priority",
        "Let this job go before others; what workers hold already stays with them",
        "Job",
        "Ctrl+Alt+PgUp",
        line=True,
        words="queue first urgent",
    ),
    Declared(
        "lower_priority",
        "Lower the priority",
        "Let other jobs go before this one",
        "Job",
        "Ctrl+Alt+PgDown",
        words="queue last later",
    ),
    Declared(
        "resume_held",
        "Resume held jobs",
        "Let all jobs go on that have been held since the master was started anew",
        "Job",
        "Ctrl+Shift+W",
        words="continue restart",
    ),
    Declared(
        "delete_job",
        "Delete…",
        "Delete this job with its arguments and results, once you have confirmed it",
        "Job",
        "Ctrl+Shift+Del",
        line=True,
        words="remove forget clean history",
    ),
)
