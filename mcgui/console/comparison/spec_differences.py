"""What differs between two descriptions of a job, in words for people: all but the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.run_options import OPTIONS

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing, as it is on the one side and on the other."""

    what: str
    before: str
    after: str


def facts_that_differ(before: JobSpec, after: JobSpec) -> tuple[Fact, ...]:
    """Function, arguments, options and packages, where they are others."""
    pairs = [("Function", before.function, after.function), ("Reduce", before.reduce, after.reduce)]
    pairs += [(kind.title, getattr(before, name), getattr(after, name)) for name, kind in OPTIONS.items()]
    pairs += [("Packages", ", ".join(before.requirements), ", ".join(after.requirements))]
    pairs += [("Python", before.requires_python, after.requires_python)]
    pairs += [("Code", *_objects(before, after))]
    pairs += [(what, _kept(before)[what], _kept(after)[what]) for what in ("Shared values", "Files", "Arguments")]
    return tuple(Fact(what, _word(one), _word(other)) for what, one, other in pairs if one != other)


def _objects(before: JobSpec, after: JobSpec) -> tuple[str, str]:
    """Functions that came as objects have no lines to compare."""
    same = (before.pickled_function, before.function_content) == (after.pickled_function, after.function_content)
    first, second = ("an object" if spec.is_object else "text" for spec in (before, after))
    return first, second if same or first != second else "another object"


def _kept(spec: JobSpec) -> dict[str, str]:
    """What the job keeps of its description, each on one line."""
    from mcgui_core.client.document_arguments import read_kept, source_text

    kept = read_kept(spec.source)
    known = dict(kept.shared)
    names = [name for name, _ in spec.shared] or list(known)
    shared = [f"{name} = {known[name]}" if name in known else name for name in names]
    lines = () if kept.arguments is None else source_text(kept.arguments).splitlines()[1:]
    return {
        "Shared values": ", ".join(shared),
        "Files": ", ".join(kept.files),
        "Arguments": ", ".join(line.strip() for line in lines if line.strip()) or "brought by a program",
    }


def _word(value: Any) -> str:
    return _NONE if value in (None, "") else {True: "yes", False: "no"}[value] if type(value) is bool else str(value)
