"""The owner's limits as a TOML file."""

from __future__ import annotations

import json
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given

from mcgui_core.errors import LimitsInvalid
from mcgui_core.owner import limits_file
from mcgui_core.owner.limits import LIMIT_NAMES, Limits, Overrides
from mcgui_core.owner.limits_as_dict import limits_from_plain, limits_to_plain, overrides_from_plain, overrides_to_plain
from mcgui_core.owner.limits_file import load_limits, parse_limits
from mcgui_core.owner.weekly_schedule import Period, Schedule, days_text, time_text
from tests.core.owner.test_limits import LIMITS, limits

FLAGS = ("stop_in_memory", "low_priority", "share", "keep_awake", "allow_install")


def limits_text(limits: Limits) -> str:
    """Limits as a person would write them. What is switched off is left out."""
    lines = []
    if "idle" in limits.on:
        lines.append("only_when_idle = true")
    lines.append(f"idle_minutes = {limits.idle_minutes:g}")
    if "in use" in limits.on:
        lines.append(f"nprocs_in_use = {limits.in_use_nprocs}")
    if "mains" in limits.on:
        lines.append("only_on_mains = true")
    if "programs" in limits.on and limits.programs:
        lines.append(f"not_while_running = [{', '.join(map(json.dumps, limits.programs))}]")
    if "watching" in limits.on:
        lines.append("not_while_watching = true")
    if "load" in limits.on:
        lines.append(f"others_percent = {limits.load_percent:g}")
    for key, name in (("free_memory", "free memory"), ("disk", "disk"), ("memory", "memory")):
        if name in limits.on:
            lines.append(f'{key} = "{getattr(limits, key)}"')
    lines.append(f"finish_within_minutes = {limits.grace_minutes:g}")
    lines += [f"{key} = {str(getattr(limits, key)).lower()}" for key in FLAGS]
    if "schedule" in limits.on:
        lines.append("[schedule]")
        if limits.schedule.otherwise is not None:
            lines.append(f"otherwise = {limits.schedule.otherwise}")
        for one in limits.schedule.periods:
            lines += [
                "[[schedule.period]]",
                f'days = "{days_text(one.days)}"',
                f'from = "{time_text(one.start)}"',
                f'to = "{time_text(one.stop)}"',
                f"nprocs = {one.nprocs}",
            ]
    return "\n".join(lines) + "\n"


def test_the_example_of_its_documentation_is_read() -> None:
    # Python 3.13 takes the indentation away, the ones before do not.
    example = cleandoc(limits_file.__doc__ or "").partition("\n\n")[2]
    example = dedent(example)
    assert parse_limits(example) == Limits(
        on=frozenset(LIMIT_NAMES),
        idle_minutes=5,
        in_use_nprocs=2,
        schedule=Schedule((Period((0, 1, 2, 3, 4), 480, 1080, 2),), 8),
        programs=("blender",),
        memory=4_000_000_000,
    )
    assert parse_limits("finish_within_minutes = 0").grace_minutes == 0


def test_a_file_may_begin_with_a_byte_order_mark_as_notepad_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_bytes(b"\xef\xbb\xbfonly_on_mains = true\r\n")
    assert load_limits(path).on == {"mains"}


def test_an_empty_file_sets_no_limit_but_low_priority() -> None:
    assert parse_limits("") == Limits()
    assert Limits().low_priority


def test_what_is_written_is_read_again() -> None:
    everything = LIMITS
    for name in LIMIT_NAMES:
        everything = everything.switched(name, True)
    assert parse_limits(limits_text(everything)) == everything


@given(limits)
def test_limits_go_through_a_pipe_unchanged(given_limits: Limits) -> None:
    assert limits_from_plain(limits_to_plain(given_limits)) == given_limits


def test_overrides_go_through_a_pipe_unchanged() -> None:
    overrides = Overrides(True, 8.0, (("mains", 7.0),))
    for ahead in (0.0, 100.0):  # another process has another clock
        found = overrides_from_plain(overrides_to_plain(overrides, 5.0), 5.0 + ahead)
        assert found.paused
        assert found.snoozed_until == pytest.approx(8.0 + ahead, abs=2.0)
        assert found.ignored[0][1] == pytest.approx(7.0 + ahead, abs=2.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("only_when_ide = true", "there is no limit called 'only_when_ide'"),
        ("only_on_mains = 1", "only_on_mains = 1 is not what"),
        ("nprocs_in_use = true", "nprocs_in_use = True is not what"),
        ("finish_within_minutes = -1", "finish_within_minutes is 0 or more"),
        ("nprocs_in_use = -1", "nprocs_in_use is 0 or more"),
        ('memory = "lots"', "'lots' is no amount of memory or of disk"),
        ('[[schedule.period]]\nfrom = "8:00"\nto = "9:00"', "lacks 'nprocs'"),
        ('[[schedule.period]]\nfrom = "8h"\nto = "9:00"\nnprocs = 1', "'8h' is no time of day"),
        ("[schedule]\nelse = 3", "a schedule has no 'else'"),
        ("= 3", "Invalid"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_name(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(text)
    with pytest.raises(LimitsInvalid) as caught:
        load_limits(path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(LimitsInvalid, match="No such file"):
        load_limits(tmp_path / "none.toml")
