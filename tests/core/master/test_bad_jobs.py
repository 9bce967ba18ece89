"""What is no job is refused by the master itself, whoever sends it, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.master.hub import Hub
from mcgui_core.protocol import job_check
from mcgui_core.protocol.messages import JobSpec

SPEC = JobSpec("job", "def f(x): ...", "f")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"priority": "high"}, "priority must be a whole number from -1,000,000 to 1,000,000, not 'high'"),
        ({"retries": "3"}, "retries must be a whole number"),
        ({"retries": 2**80}, "retries must be a whole number"),
        ({"chunksize": 1.5}, "chunksize must be a whole number"),
        ({"timeout": float("nan")}, "timeout must be a number of seconds"),
        ({"backoff": None}, "backoff must be a number of seconds"),
        ({"on_error": 3}, "on_error must be one of"),
        ({"name": 3}, "name must be text, not 3"),
        ({"environment": None}, "environment must be text, not None"),
        ({"reduce": b"f"}, "reduce must be text, not b'f'"),
        ({"pickled_function": "f"}, "pickled_function must be bytes, not a str"),
    ],
)
def test_a_job_that_is_none_is_refused_and_not_written(fields: dict[str, Any], message: str, tmp_path: Path) -> None:
    hub = Hub(Journal(tmp_path / "j.sqlite"))
    with pytest.raises(BadInput, match=message):
        hub.submit(replace(SPEC, **fields), (), True)
    assert hub.archive.job_ids() == ()
    assert hub.submit(SPEC, (), True) == 1
    hub.close()
    Hub(Journal(tmp_path / "j.sqlite")).close()


def test_what_is_not_even_a_description_is_refused(tmp_path: Path) -> None:
    hub = Hub(Journal(tmp_path / "j.sqlite"))
    with pytest.raises(BadInput, match="described by a JobSpec, not by a str"):
        hub.submit("a job", (), True)  # type: ignore[arg-type]
    hub.close()


def test_what_the_journal_could_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(job_check, "FUNCTION_LIMIT", 100)
    monkeypatch.setattr(job_check, "SOURCE_LIMIT", 100)
    hub = Hub(Journal(tmp_path / "j.sqlite"))
    with pytest.raises(BadInput, match="function f takes more than 100 bytes"):
        hub.submit(replace(SPEC, pickled_function=bytes(101)), (), True)
    with pytest.raises(BadInput, match="has 101 characters, and 100 are the most"):
        hub.submit(replace(SPEC, environment=" " * 101), (), True)
    assert hub.archive.job_ids() == ()
    hub.close()
