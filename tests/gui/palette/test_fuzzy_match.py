"""Finding by a few letters."""

from __future__ import annotations

import pytest

from mcgui.console.palette.fuzzy_match import match


def best(typed: str, *texts: str) -> str:
    """The text that fits best."""
    found = {text: fits.score for text in texts if (fits := match(typed, text))}
    return max(found, key=lambda text: found[text])


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("rf", "Retry failed"),
        ("failed retry", "Retry failed"),
        ("RESET", "Reset the layout"),
        ("", "anything"),
        ("é", "Café"),
    ],
)
def test_letters_in_order_fit_whatever_their_case(typed: str, text: str) -> None:
    assert match(typed, text) is not None


@pytest.mark.parametrize(("typed", "text"), [("fr", "Retry x"), ("runn", "Run"), ("x", ""), ("run cancel", "Run")])
def test_letters_that_are_not_there_do_not_fit(typed: str, text: str) -> None:
    assert match(typed, text) is None


def test_beginnings_of_words_count_more_than_letters_within_them() -> None:
    assert best("rf", "Retry failed", "Surf") == "Retry failed"
    assert best("run", "Let other computers run it", "Run", "Retry unless not") == "Run"
    assert best("pan", "Duplicate lines", "Reset panels") == "Reset panels"
    assert best("save", "Save", "Save environment as…", "Use a variable") == "Save"


def test_the_letters_that_fitted_are_told() -> None:
    fits = match("rf", "Retry failed")
    assert fits is not None
    assert fits.places == (0, 6)


def test_a_million_letters_that_nearly_fit_are_no_trap() -> None:
    assert match("ab", "a" * 2000) is None
