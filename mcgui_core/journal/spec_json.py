"""What a job is, as JSON: no pickle of ours, so that a newer version reads what an older one wrote."""

from __future__ import annotations

import base64
import dataclasses
import json

from mcgui_core.protocol.messages import JobSpec


def spec_to_json(spec: JobSpec) -> str:
    fields = dataclasses.asdict(spec)
    if spec.pickled_function is not None:
        fields["pickled_function"] = base64.b64encode(spec.pickled_function).decode("ascii")
    return json.dumps(fields)


def spec_from_json(text: str) -> JobSpec:
    fields = json.loads(text)
    if fields["pickled_function"] is not None:
        fields["pickled_function"] = base64.b64decode(fields["pickled_function"])
    return JobSpec(**fields)
