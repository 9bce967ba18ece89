"""What a job is, as JSON: no pickle of ours, so that a newer version reads what an older one wrote.

A pickled function is not in it, only how long that is: the function lies in a row of its own (job_store.py), since a
job's own row is written anew with each change of its state. Up to format 3 it stood here, as base64.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from operator import attrgetter
from typing import Any

from mcgui_core.protocol.field_types import field_types, fits
from mcgui_core.protocol.messages import Content, JobSpec, ProjectFile, Stored

_FIELDS = tuple(field.name for field in dataclasses.fields(JobSpec))
_values_of = attrgetter(*_FIELDS)


def spec_to_json(spec: JobSpec) -> str:
    fields = dict(zip(_FIELDS, _values_of(spec), strict=True))
    if spec.pickled_function is not None:
        fields["pickled_function"] = {"bytes": len(spec.pickled_function)}
    # `asdict` for what is in it only: of all of it, it would copy each text and number.
    return json.dumps(fields, default=dataclasses.asdict)


def without_function(text: str | bytes) -> tuple[str, bytes] | None:
    """The JSON of format 3 as it is written today, and the function that was in it; None where it has none to read."""
    try:
        fields = json.loads(text)
        function = base64.b64decode(fields["pickled_function"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return json.dumps(fields | {"pickled_function": {"bytes": len(function)}}), function


def spec_from_json(text: str | bytes, function: bytes | Stored | None = None) -> tuple[JobSpec, str]:
    """A spec, with the pickled function that lay apart; and what is wrong with it: "" where nothing is.

    In the place of what is wrong or missing stands what a spec has that says nothing of it. Options that an older
    version did not know are missing rightly.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _spec({}), f"its description is no JSON ({error})"
    if not isinstance(given, dict):
        return _spec({}), "its description is no JSON object"
    problems = [f"its description lacks {name}" for name in ("name", "environment", "function") if name not in given]
    fields: dict[str, Any] = {}
    for name, value in given.items():
        hint = field_types(JobSpec).get(name)
        if hint is None:
            problems.append(f"its description has {name!r}, which this version of mcgui does not know")
            continue
        fields[name] = value
        if name == "pickled_function" and value is not None:
            if not isinstance(function, bytes | Stored) or value != {"bytes": len(function)}:
                fields.pop(name)
                problems.append("its pickled_function is damaged, or is not there")
                continue
            fields[name] = function
        if name == "files":
            fields[name] = _files(value)
        if name == "function_content" and value is not None:
            fields[name] = _content(value)
        if name == "shared":
            fields[name] = _shared(value)
        if name in ("requirements", "interpreter", "argv") and isinstance(value, list):
            fields[name] = tuple(value)
        if not fits(fields[name], hint):
            problems.append(f"its {name} is {_shown(fields.pop(name))}")
    return _spec(fields), "; ".join(problems)


def _files(value: object) -> object:
    """A project's files, as a spec has them; what cannot be such stays as it is."""
    try:
        return tuple(ProjectFile(**file) for file in value)  # type: ignore[attr-defined]
    except TypeError:
        return value


def _content(value: object) -> object:
    try:
        return Content(**value)  # type: ignore[arg-type]
    except TypeError:
        return value


def _shared(value: object) -> object:
    """Shared values, as a spec has them; what cannot be such stays as it is."""
    try:
        return tuple((name, Content(**content)) for name, content in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return value


def _spec(fields: dict[str, Any]) -> JobSpec:
    return JobSpec(**{"name": "", "environment": "", "function": "", **fields})


def _shown(value: object) -> str:
    """As JSON, which is how it stands there; shortened."""
    text = json.dumps(value, default=repr)
    return text if len(text) <= 60 else f"{text[:57]}..."
