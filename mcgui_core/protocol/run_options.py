"""The options of a job, defined once: fields, defaults, ranges, and a line about each.

`Cluster.submit`, job documents, the command line, the console's form and generated scripts are all made from this. An
option that is added here reaches them with its check; what has no place of its own yet (a parameter of `submit`) is
found by a test.

No annotations from the future here: an annotation holds the option's kind, which is looked up as it stands.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, fields, replace
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, Self

from mcgui_core.errors import BadInput
from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.option_kinds import (
    Bytes,
    Choice,
    FunctionName,
    NoSuchValue,
    OptionKind,
    Seconds,
    Seed,
    WholeNumber,
    YesNo,
    shown,
)

CallStyle = Literal["single", "args", "kwargs"]
#: How one argument reaches the function: f(a), f(*a) or f(**a).
CALL_STYLES: tuple[CallStyle, ...] = ("single", "args", "kwargs")
OnError = Literal["continue", "stop"]

#: Beyond these priorities nobody needs to go, and whatever shows them has room.
LOWEST_PRIORITY, HIGHEST_PRIORITY = -1_000_000, 1_000_000

_CALL = Choice("Passed as", "how an argument reaches the function: f(a), f(*a) or f(**a)", CALL_STYLES)
_RETRIES = WholeNumber("Retries", "how many times more a task runs that has failed", 0, 1_000_000)
_BACKOFF = Seconds(
    "First retry after", "seconds before the first retry of a task; each later one waits twice as long", 0, 10**9
)
_TIMEOUT = Seconds("Time limit", "seconds after which a task is stopped and has failed", 1e-6, 10**9, none="none")
_MEMORY = Bytes("Memory limit", "what a task's process may use before it is stopped, such as 2GB", 1 << 50, none="none")
_HEDGE = YesNo("Repeat late tasks", "near the end, tasks that are late run a second time elsewhere; the first counts")
_ON_ERROR = Choice("When a task fails", "go on with the other tasks, or stop the job", ("continue", "stop"))
_PRIORITY = WholeNumber("Priority", "jobs of a higher priority run first", least=LOWEST_PRIORITY, most=HIGHEST_PRIORITY)
_CHUNKSIZE = WholeNumber(
    "Tasks a chunk", "how many tasks travel together; by default as many as take a moment", 1, 10**9, none="by time"
)
_SETUP = FunctionName("Set up by", "a function that runs once in each process, before its first task", none="none")
_SEED = Seed("Seed", "each task gets a seed of its own, as the keyword argument seed (needs NumPy)", none="none")


@message
class RunOptions:
    """How the tasks of a job are run. All of these are given by name."""

    _: KW_ONLY
    call: Annotated[CallStyle, _CALL] = "single"
    retries: Annotated[int, _RETRIES] = 0
    backoff: Annotated[float, _BACKOFF] = 0.5
    timeout: Annotated[float | None, _TIMEOUT] = None
    memory: Annotated[int | None, _MEMORY] = None
    hedge: Annotated[bool, _HEDGE] = True
    on_error: Annotated[OnError, _ON_ERROR] = "continue"
    priority: Annotated[int, _PRIORITY] = 0
    chunksize: Annotated[int | None, _CHUNKSIZE] = None
    setup: Annotated[str | None, _SETUP] = None
    seed: Annotated[str | None, _SEED] = None

    def options(self) -> dict[str, Any]:
        """These alone, by name, where this is a record that has more than the options."""
        return dict(zip(OPTIONS, _values_of(self), strict=True))

    def checked(self) -> Self:
        """This, with each option as it is kept. Raises BadInput with a sentence about the first that cannot be."""
        # Most often they are as they are by default, and to make a record of so many fields takes longer than to look
        # at each.
        given = {name: value for name, value in self.options().items() if value is not DEFAULTS[name]}
        kept = checked_options(given)
        same = all(kept[name] is given[name] for name in given)
        return self if same else replace(self, **kept)


#: What there is to say of each option, in the order in which they are shown.
OPTIONS: Final[Mapping[str, OptionKind]] = {
    field.name: RunOptions.__annotations__[field.name].__metadata__[0] for field in fields(RunOptions)
}
#: What each is where nothing is said.
DEFAULTS: Final[Mapping[str, Any]] = {field.name: field.default for field in fields(RunOptions)}
_values_of = attrgetter(*OPTIONS)


def checked_options(given: Mapping[str, object]) -> dict[str, Any]:
    """The options as they are kept. Raises BadInput with a sentence about the first that cannot be."""
    return {name: checked_option(name, value) for name, value in given.items()}


def checked_option(name: str, value: object) -> Any:
    """One option as it is kept. Raises BadInput."""
    try:
        return OPTIONS[name].checked(value)
    except NoSuchValue as error:
        raise BadInput(f"{name} must be {OPTIONS[name].expected}, not {shown(value)}.") from error


def option_from_text(name: str, text: str) -> Any:
    """What somebody has typed for an option. Raises BadInput."""
    try:
        return OPTIONS[name].checked(OPTIONS[name].from_text(text))
    except NoSuchValue as error:
        raise BadInput(f"{name} must be {OPTIONS[name].expected}, not {text!r}.") from error
