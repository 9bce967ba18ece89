"""What a job is, as JSON: no pickle of ours, so that a newer version reads what an older one wrote."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

from mcgui_core.protocol.field_types import field_types, fits
from mcgui_core.protocol.messages import JobSpec


def spec_to_json(spec: JobSpec) -> str:
    fields = dataclasses.asdict(spec)
    if spec.pickled_function is not None:
        fields["pickled_function"] = base64.b64encode(spec.pickled_function).decode("ascii")
    return json.dumps(fields)


def spec_from_json(text: str | bytes) -> tuple[JobSpec, str]:
    """A spec, and what is wrong with it: "" where nothing is.

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
        try:
            fields[name] = (
                base64.b64decode(value, validate=True) if name == "pickled_function" and value is not None else value
            )
        except (ValueError, TypeError) as error:
            problems.append(f"its {name} is damaged ({error})")
            continue
        if not fits(fields[name], hint):
            problems.append(f"its {name} is {_shown(fields.pop(name))}")
    return _spec(fields), "; ".join(problems)


def _spec(fields: dict[str, Any]) -> JobSpec:
    return JobSpec(**{"name": "", "environment": "", "function": "", **fields})


def _shown(value: object) -> str:
    """As JSON, which is how it stands there; shortened."""
    text = json.dumps(value, default=repr)
    return text if len(text) <= 60 else f"{text[:57]}..."
