"""What an environment requires of whoever runs it: a version of Python, and packages with their versions (PEP 508)."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from mcgui_core.errors import BadInput

if TYPE_CHECKING:
    from packaging.requirements import Requirement

#: Requirements that a job may have, and characters of one.
REQUIREMENTS_LIMIT, LENGTH_LIMIT = 1_000, 1_000


def checked_requirements(requirements: Iterable[str]) -> tuple[str, ...]:
    """Each as it was written, once. Raises BadInput for one that is none."""
    from packaging.requirements import InvalidRequirement, Requirement  # here, because few jobs have any

    if isinstance(requirements, str):
        raise BadInput(f"requirements must be a list such as [{requirements!r:.60}].")
    found = dict.fromkeys(requirements)
    for text in found:
        if not isinstance(text, str):
            raise BadInput(f"A requirement must be text such as 'numpy>=2', not {text!r:.60}.")
        try:
            Requirement(text)
        except InvalidRequirement as error:
            raise BadInput(
                f"{text!r:.80} is no requirement such as 'numpy>=2': {str(error).splitlines()[0]}."
            ) from error
    return tuple(found)


def checked_python(versions: str) -> str:
    """What `requires-python` says. Raises BadInput where that names no versions."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(versions)
    except InvalidSpecifier as error:
        raise BadInput(f"requires-python must name versions such as '>=3.11', not {versions!r:.80}.") from error
    return versions


def lacking_python(versions: str) -> tuple[str, ...]:
    """What is wrong with the Python of this process."""
    from packaging.specifiers import SpecifierSet

    if not versions or SpecifierSet(versions).contains(platform.python_version(), prereleases=True):
        return ()
    return (f"Python {versions} (it is {platform.python_version()})",)


def lacking_packages(requirements: Iterable[str]) -> tuple[str, ...]:
    """The requirements that are not met here, each with what there is instead."""
    from packaging.requirements import Requirement

    return tuple(lack for text in requirements for lack in _lacks(Requirement(text), "", set()))


def _lacks(requirement: Requirement, extra: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
        return  # not on this system, or not with this version of Python
    try:
        found = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        yield f"{requirement} (not installed)"
        return
    if requirement.specifier and not requirement.specifier.contains(found.version, prereleases=True):
        yield f"{requirement} (it has {found.version})"
        return
    for wanted in requirement.extras:
        if (requirement.name, wanted) not in seen:
            seen.add((requirement.name, wanted))
            for further in _only_with_extras(found):
                yield from _lacks(further, wanted, seen)


def _only_with_extras(found: metadata.Distribution) -> Iterator[Requirement]:
    """What a package requires with an extra, and not without."""
    from packaging.requirements import Requirement

    for text in found.requires or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            yield requirement
