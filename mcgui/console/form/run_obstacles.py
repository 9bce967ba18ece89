"""What stands in the way of running what a form describes."""

from __future__ import annotations

from dataclasses import dataclass

from mcgui.console.arguments.arguments_section import ArgumentsSection
from mcgui.console.environment.environment_state import EnvironmentState


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason not to run yet, as a sentence; and whether it may be gone once all has been looked at."""

    sentence: str
    may_pass: bool = False


def of_environment(state: EnvironmentState) -> list[Obstacle]:
    """A problem in the source; and that it is still looked through, perhaps for the second time."""
    found = []
    if (problem := state.problem) is not None:
        where = f" in line {problem.line}" if problem.line else ""
        found.append(Obstacle(f"The environment has a problem{where}."))
    if state.reading:
        found.append(Obstacle("The environment is still looked through.", may_pass=True))
    return found


def of_arguments(arguments: ArgumentsSection, reading: bool) -> list[Obstacle]:
    """There are none, or none that fit. `reading`: the environment, in which they are evaluated, is looked through."""
    if arguments.problem:
        return [Obstacle(arguments.problem, may_pass=arguments.waiting or reading)]
    if arguments.preview is not None:
        return []
    if arguments.waits_for_look:
        return [Obstacle("Nothing of this job was made here. Read it, and look at its arguments.")]
    if arguments.waiting:
        return [Obstacle("The arguments are still looked at.", may_pass=True)]
    return [Obstacle("Give the arguments.", may_pass=reading and not arguments.fields.is_empty)]
