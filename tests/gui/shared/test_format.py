"""Numbers as people read them."""

from __future__ import annotations

import pytest

from mcgui import format


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1_234_567, "1,234,567"), (None, "–")])
def test_counts_have_separators(number: int | None, text: str) -> None:
    assert format.count(number) == text


@pytest.mark.parametrize(
    ("per_second", "text", "short"),
    [
        (0.0, "0", "0"),
        (0.01, "<0.1", "<0.1"),
        (2.44, "2.4", "2.4"),
        (9.96, "10", "10"),
        (312.4, "312", "312"),
        (999.7, "1,000", "1.0k"),
        (9840.0, "9,840", "9.8k"),
        (26_270.0, "26,270", "26.3k"),
        (123_456.0, "123,456", "123k"),
        (2_500_000.0, "2,500,000", "2.5M"),
        (None, "–", "–"),
        (float("inf"), "–", "–"),
    ],
)
def test_rates_are_as_exact_as_they_are_of_use(per_second: float | None, text: str, short: str) -> None:
    assert format.rate(per_second) == text
    assert format.rate(per_second, short=True) == short


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (412, "412 bytes"),
        (1_000, "1.0 KB"),
        (999_600, "1.0 MB"),
        (1_234_567_890, "1.2 GB"),
        (412_000_000, "412 MB"),
        (5e17, "500 PB"),
        (None, "–"),
    ],
)
def test_sizes_have_units(number: float | None, text: str) -> None:
    assert format.bytes(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (3e-8, "30 ns"),
        (9e-7, "900 ns"),
        (1.1e-6, "1.1 µs"),
        (0.012, "12 ms"),
        (0.9996, "1 s"),
        (2.5, "2.5 s"),
        (8.0, "8 s"),
        (42.4, "42 s"),
        (59.7, "1 min"),
        (190, "3 min"),
        (3600, "1 h"),
        (4800, "1 h 20 min"),
        (3599, "1 h"),
        (11 * 3600, "11 h"),
        (3 * 86_400, "3 days"),
        (None, "–"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float | None, text: str) -> None:
    assert format.duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.41, "0.4 s"), (-1, "0.0 s"), (12.3, "12 s"), (200, "3 min")])
def test_an_age_shows_tenths_while_it_is_young(seconds: float, text: str) -> None:
    assert format.age(seconds) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (8, 9, "8 to 9 s left"),
        (9, 8, "8 to 9 s left"),
        (8, 8, "8 s left"),
        (0.1, 0.4, "under 1 s left"),
        (0.0, 60, "up to 1 min left"),
        (0.2, 8, "up to 8 s left"),
        (50, 130, "50 s to 2 min left"),
        (170, 190, "3 min left"),
        (None, 3, ""),
        (3, float("inf"), ""),
    ],
)
def test_time_left_is_a_range(low: float | None, high: float | None, text: str) -> None:
    assert format.time_left(low, high) == text


def test_a_number_agrees_with_its_noun() -> None:
    assert format.plural(1, "task") == "1 task"
    assert format.plural(2000, "task") == "2,000 tasks"
    assert format.plural(2, "retry", "retries") == "2 retries"
