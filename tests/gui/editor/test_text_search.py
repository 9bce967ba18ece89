"""Searching a text, in the units that Qt counts in, and what is put in place of a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui.console.editor.text_search import SearchTerms, TextSearch, problem_of


def search(text: str, words: str, regex: bool = False, case: bool = False, whole: bool = False) -> TextSearch:
    made = TextSearch(SearchTerms(words, regex, case, whole), text)
    assert made.go_on(60)
    return made


def pieces(found: TextSearch) -> list[str]:
    raw = found.text.encode("utf-16-le")
    return [raw[2 * a : 2 * b].decode("utf-16-le") for a, b in zip(found.starts, found.ends, strict=True)]


def test_words_are_found_whatever_they_mean_as_an_expression() -> None:
    assert search("a.b a*b A.B", "a.b").starts == [0, 8]
    assert search("a.b A.B", "a.b", case=True).starts == [0]


def test_whole_words_are_found_and_parts_are_not() -> None:
    assert search("hit hits _hit hit()", "hit", whole=True).starts == [0, 14]


def test_an_expression_is_found_by_lines() -> None:
    assert pieces(search("def f():\n    def g():\nx", r"^\s*def \w+", regex=True)) == ["def f", "    def g"]


def test_places_are_counted_in_units_after_wide_characters() -> None:
    assert search("𝕏𝕏 hit", "hit").starts == [5]


def test_an_expression_that_would_search_for_ever_ends() -> None:
    assert search("a" * 5000 + "b", "(a+)+$", regex=True).starts == []  # the time limit of this test ends it if not


def test_an_expression_that_is_none_says_why() -> None:
    assert "parenthesis" in SearchTerms("(a", regex=True).problem
    assert SearchTerms("(a").problem == ""
    assert search("(a", "(a", regex=True).starts == []


@pytest.mark.parametrize(
    ("words", "replacement", "after"),
    [
        (r"(\w+)=(\w+)", r"\2=\1", "1=a, 2=b"),
        (r"(?P<k>\w+)=(\w+)", r"\g<k>: \g<2>", "a: 1, b: 2"),
        ("=", r"\n\\", "a\n\\1, b\n\\2"),
        (r"\b", "|", "|a|=|1|, |b|=|2|"),
    ],
)
def test_groups_and_escapes_are_put_in_place_as_python_does(words: str, replacement: str, after: str) -> None:
    text = "a=1, b=2"
    found = search(text, words, regex=True)
    whole = text[: found.starts[0]] + found.replaced(replacement) + text[found.ends[-1] :]
    assert whole == after == re.sub(words, replacement, text)


def test_without_an_expression_what_is_put_in_place_is_taken_by_its_letters() -> None:
    assert search("a b a", "a").replaced(r"\1") == r"\1 b \1"


def test_a_group_that_is_not_there_is_told_before_it_is_replaced() -> None:
    terms = SearchTerms(r"(?P<k>a)", regex=True)
    assert problem_of(r"\1 \g<k>", terms) == ""
    assert "no group 2" in problem_of(r"\2", terms)
    assert "no group 'z'" in problem_of(r"\g<z>", terms)


def test_going_round_comes_back_to_the_first() -> None:
    found = search("a b a b a", "a")
    assert [found.index_from(position) for position in (0, 1, 5, 9)] == [0, 1, 2, 0]
    assert [found.index_before(position) for position in (9, 8, 0)] == [2, 1, 2]
    assert (found.index_of(4, 5), found.index_of(4, 6)) == (1, None)
    assert list(found.between(3, 6)) == [1]


@given(st.text("ab𝕏\n", max_size=40), st.sampled_from(["a", "ab", "𝕏", "b\n"]), st.text("xy𝕐", max_size=3))
def test_replacing_everything_is_what_python_s_replace_does(text: str, words: str, replacement: str) -> None:
    found = search(text, words, case=True)
    if not found.starts:
        assert words not in text
        return
    raw = text.encode("utf-16-le")
    before, after = raw[: 2 * found.starts[0]].decode("utf-16-le"), raw[2 * found.ends[-1] :].decode("utf-16-le")
    assert before + found.replaced(replacement) + after == text.replace(words, replacement)


def test_a_hundred_thousand_matches_are_looked_for_in_slices() -> None:
    made = TextSearch(SearchTerms("x"), "x = 1\n" * 100_000)
    slices = 1
    while not made.go_on(0.005):
        slices += 1
    assert len(made.starts) == 100_000
    assert slices > 3
