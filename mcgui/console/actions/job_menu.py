"""The menu Job: running, and what can be done with the job that is shown."""

from __future__ import annotations

from mcgui.console.actions.action_declaration import ActionDeclaration

ACTIONS: tuple[ActionDeclaration, ...] = (
    ActionDeclaration(
        "run", "Run", "Run the function on all of the arguments", "Job", "Ctrl+R", "run", words="start submit"
    ),
    ActionDeclaration(
        "try_one",
        "Try one",
        "Run the function on one argument on this computer, and see what comes of it",
        "Job",
        "Ctrl+T",
        words="test first argument time traceback",
    ),
    ActionDeclaration(
        "pause", "Pause", "Start no more tasks of this job; those that run go on", "Job", "Ctrl+P", words="resume"
    ),
    ActionDeclaration("cancel", "Cancel", "End this job now. Results so far stay", "Job", "Ctrl+.", words="stop abort"),
    ActionDeclaration(
        "retry", "Retry failed", "Run the failed tasks of this job again", "Job", "Ctrl+Shift+R", "retry"
    ),
    ActionDeclaration(
        "run_again",
        "Run again",
        "Run this job once more, on the same arguments, as another job",
        "Job",
        "Ctrl+Shift+A",
        words="repeat rerun once more",
    ),
    ActionDeclaration(
        "run_selected",
        "Run the selected tasks again",
        "Run the tasks of the rows that are selected in the results once more, as another job",
        "Job",
        "Shift+F9",
        words="rows repeat rerun",
    ),
    ActionDeclaration(
        "open_job",
        "Open again",
        "Bring the code, function, arguments and options of this job back into the editor and the form",
        "Job",
        "Ctrl+F5",
        "open",
        line=True,
        words="edit change restore history reopen",
    ),
    ActionDeclaration(
        "new_job_of_failed",
        "The failed tasks…",
        "Open this job again, to run a new one on the arguments of its failed tasks",
        "Job/New job of",
        "Shift+F5",
        words="errors again",
    ),
    ActionDeclaration(
        "new_job_of_selected",
        "The selected tasks…",
        "Open this job again, to run a new one on the arguments of the rows that are selected in the results",
        "Job/New job of",
        "Ctrl+Shift+F5",
        words="rows some again",
    ),
    ActionDeclaration(
        "new_job_of_filtered",
        "The filtered tasks…",
        "Open this job again, to run a new one on the arguments of all tasks that the filter of the results keeps",
        "Job/New job of",
        "Ctrl+Shift+F9",
        words="rows filter some again",
    ),
    ActionDeclaration(
        "describe_job",
        "Name and note…",
        "Give this job another name, and write a note about it",
        "Job",
        "Ctrl+F2",
        words="rename comment describe",
    ),
    ActionDeclaration(
        "compare_code",
        "Compare with now…",
        "Show what differs between what this job ran and what the editor and the form hold now",
        "Job",
        "F5",
        words="diff difference code changes",
    ),
    ActionDeclaration(
        "compare_jobs",
        "Compare two jobs…",
        "Show what differs between the two jobs that are selected in the table of jobs",
        "Job",
        "Ctrl+F9",
        words="diff difference runs",
    ),
    ActionDeclaration(
        "raise_priority",
        "Raise the priority",
        "Let this job go before others; what workers hold already stays with them",
        "Job",
        "Ctrl+Alt+PgUp",
        line=True,
        words="queue first urgent",
    ),
    ActionDeclaration(
        "lower_priority",
        "Lower the priority",
        "Let other jobs go before this one",
        "Job",
        "Ctrl+Alt+PgDown",
        words="queue last later",
    ),
    ActionDeclaration(
        "resume_held",
        "Resume held jobs",
        "Let all jobs go on that have been held since the master was started anew",
        "Job",
        "Ctrl+Shift+W",
        words="continue restart",
    ),
    ActionDeclaration(
        "delete_job",
        "Delete…",
        "Delete this job with its arguments and results, once you have confirmed it",
        "Job",
        "Ctrl+Shift+Del",
        line=True,
        words="remove forget clean history",
    ),
    ActionDeclaration(
        "delete_old_jobs",
        "Delete older jobs…",
        "Delete jobs that ended long ago, so that the journal takes less of the disk",
        "Job",
        "Ctrl+Shift+Backspace",
        words="journal size clean history disk",
    ),
)
