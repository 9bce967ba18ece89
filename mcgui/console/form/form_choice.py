"""What was filled in for one text of the editor, and the same as a job document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mcgui.console.form.job_options import JobOptions
from mcgui.console.form.shared_text import read_if_any
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import BadInput
from mcgui_core.protocol.run_options import CallStyle

if TYPE_CHECKING:
    from mcgui_core.arguments.shared_expressions import Shared
    from mcgui_core.client.job_document import JobDocument

NO_ARGUMENTS: Final = ArgumentSource("expression")


@dataclass(frozen=True, slots=True)
class FormChoice:
    """What was filled in for one text. `call` is None where arguments are passed as fits best."""

    function: str
    reduce: str
    arguments: ArgumentSource
    call: CallStyle | None
    options: JobOptions
    description: str
    kept_as: str = ""  # by which the text that it was filled in for is known at the next start: its path, mostly
    waits: bool = False  # for a look at the arguments, which are somebody else's
    files: tuple[str, ...] = ()  # patterns of what travels along

    @property
    def says_something(self) -> bool:
        """Whether there is anything to keep. At a start each text is in front for a moment, with nothing filled in."""
        return bool(self.kept_as) and self.arguments != NO_ARGUMENTS

    def as_document(self) -> JobDocument:
        """The same as a document, for the text that it was filled in for."""
        from mcgui_core.client.job_document import JobDocument

        options = {**self.options.options(), "call": self.call or "single"}
        return JobDocument(
            environment=self.kept_as,
            function=self.function,
            arguments=self.arguments,
            name=self.options.name,
            description=self.description,
            reduce=self.reduce or None,
            shared=_shared_of(self.options),
            files=self.files,
            **options,
        )


def documents_of(choices: Iterable[FormChoice], recalled: Mapping[str, JobDocument]) -> tuple[JobDocument, ...]:
    """What to keep of these choices, and of what was filled in before for texts of which they say nothing."""
    found = dict(recalled)
    for choice in choices:
        if choice.says_something and choice.function:
            found[choice.kept_as] = choice.as_document()
    return tuple(found.values())


def waiting_among(choices: Iterable[FormChoice], recalled: frozenset[str]) -> frozenset[str]:
    """The texts whose arguments wait for a look: by these choices, or since before, where they say nothing."""
    known = {choice.kept_as: choice.waits for choice in choices if choice.says_something}
    return frozenset(name for name, waits in known.items() if waits) | (recalled - known.keys())


def options_of(document: JobDocument) -> JobOptions:
    """What the row of options shows of a document."""
    from mcgui_core.arguments.shared_expressions import shared_lines

    return JobOptions(name=document.name, shared=shared_lines(document.shared), **document.options())


def _shared_of(options: JobOptions) -> Shared:
    """What its text says; nothing while that is no Python."""
    try:
        return read_if_any(options.shared)
    except BadInput:
        return ()
