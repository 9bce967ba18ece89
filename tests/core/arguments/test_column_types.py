"""What the columns of a table of text are: found for each column, said by the user, and held over the whole file."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import COLUMN_TYPES, ArgumentSource, ColumnType
from mcgui_core.arguments.column_types import columns_of_sample
from mcgui_core.arguments.number_formats import COMMA, GROUPED, PLAIN, are_many_of
from mcgui_core.errors import ArgumentsInvalid

#: A date and time as Python writes it.
at = datetime.fromisoformat


def table(folder: Path, text: str, **options: Any) -> Arguments:
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    return open_arguments(ArgumentSource("csv", path=str(folder / "a.csv"), **options))


def column(*cells: str, delimiter: str = ";", said: ColumnType | None = None) -> tuple[str, list[Any]]:
    """What a column of these cells is, and their values."""
    (found,) = columns_of_sample(["x"], [[cell] for cell in cells], delimiter, {} if said is None else {"x": said})
    return found.type, [found.read(cell) for cell in cells]


# --- numbers --------------------------------------------------------------------------------------------------------


def test_numbers_with_decimal_commas_are_numbers(tmp_path: Path) -> None:
    arguments = table(tmp_path, "volt;count;name\n20,0;3;a\n-1.234,5;4;b\n7;5;c\n")
    assert list(arguments) == [
        {"volt": 20.0, "count": 3, "name": "a"},
        {"volt": -1234.5, "count": 4, "name": "b"},
        {"volt": 7.0, "count": 5, "name": "c"},
    ]
    assert arguments.preview().types == ("number", "integer", "text")


@pytest.mark.parametrize(
    ("cells", "type", "values"),
    [
        (("1", "+2", " -3 "), "integer", [1, 2, -3]),
        (("1", "0.5", "1e3", ".5", "2."), "number", [1.0, 0.5, 1000.0, 0.5, 2.0]),
        (("1", "", "NA"), "integer", [1, None, None]),
        (("1,5", "2"), "number", [1.5, 2.0]),
        (("1.234.567,8", "12"), "number", [1234567.8, 12.0]),
        (("1 234,5", "1\u202f234\u202f567,0"), "number", [1234.5, 1234567.0]),
        (("1'234.5", "1\u2019234.5"), "number", [1234.5, 1234.5]),
        (("1,234.5", "12"), "number", [1234.5, 12.0]),
        (("1,5e-3", "-,5"), "number", [0.0015, -0.5]),
        (("\u22121,5", "2,5"), "number", [-1.5, 2.5]),
        (("-inf", "1.5"), "number", [-math.inf, 1.5]),
        (("1'234", "12\u2019500"), "integer", [1234, 12500]),
        (("1\u202f234", "12\u00a0500", "7"), "integer", [1234, 12500, 7]),
        (("+12", "+1234567", "-8"), "integer", [12, 1234567, -8]),
        (("12345678901234567890", "1"), "integer", [12345678901234567890, 1]),
        # What could be read in two ways, and what is a name, stay as they are.
        (("1,5", "2.5"), "text", ["1,5", "2.5"]),
        (("1.23.456,0", "1"), "text", ["1.23.456,0", "1"]),
        (("007", "8"), "text", ["007", "8"]),
        (("01067", "10115"), "text", ["01067", "10115"]),
        (("+491701234567", "491701234568"), "text", ["+491701234567", "491701234568"]),
        (("1 234", "12 500"), "text", ["1 234", "12 500"]),
        (("1'234", "12,5"), "number", [1234.0, 12.5]),
        (("1,234,567", "12,500"), "text", ["1,234,567", "12,500"]),
        (("12 %", "3,5%"), "text", ["12 %", "3,5%"]),
        (("€ 12,50", "3,00 €"), "text", ["€ 12,50", "3,00 €"]),
        (("192.168.100.200", "10.100.200.100"), "text", ["192.168.100.200", "10.100.200.100"]),
        (("1_000", "2"), "text", ["1_000", "2"]),
        (("1e999", "2"), "text", ["1e999", "2"]),
        (("7" * 5000, "2"), "text", ["7" * 5000, "2"]),
        (("Infinity", "2"), "text", ["Infinity", "2"]),
        (("0x10", "2"), "text", ["0x10", "2"]),
        (("1", "ball"), "text", ["1", "ball"]),
        (("", "NA"), "text", [None, "NA"]),
    ],
)
def test_a_column_is_of_numbers_where_all_of_it_is_written_so(
    cells: tuple[str, ...], type: str, values: list[Any]
) -> None:
    found = column(*cells)
    assert found == (type, values)
    assert [*map(repr, found[1])] == [*map(repr, values)]  # 1 is not 1.0


def test_a_comma_between_columns_is_no_decimal_one(tmp_path: Path) -> None:
    assert list(table(tmp_path, 'place,x\n"52,13",1.5\n')) == [{"place": "52,13", "x": 1.5}]
    assert list(table(tmp_path, 'sum,x\n"1,234.5",1\n"7.0",1\n')) == [{"sum": 1234.5, "x": 1}, {"sum": 7.0, "x": 1}]


def test_points_that_may_be_of_thousands_are_not_taken_for_decimal_ones_beside_decimal_commas(tmp_path: Path) -> None:
    text = "volt;count\n20,5;1.234\n21,5;17\n"
    assert next(iter(table(tmp_path, text))) == {"volt": 20.5, "count": "1.234"}
    said = table(tmp_path, text, types=(("count", "integer"),))
    assert [row["count"] for row in said] == [1234, 17]
    assert next(iter(table(tmp_path, "count\n1.234\n"))) == {"count": 1.234}


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_a_comma_that_may_be_of_thousands_is_text_until_a_cell_says_what_it_is(delimiter: str) -> None:
    assert column("1,234", "2,500", delimiter=delimiter) == ("text", ["1,234", "2,500"])
    assert column("1,234", "2,5", delimiter=delimiter) == ("number", [1.234, 2.5])
    assert column("1,234", "2,500.5", delimiter=delimiter) == ("number", [1234.0, 2500.5])
    assert column("1,234", "2,500", delimiter=";") == ("number", [1.234, 2.5])  # as Excel writes decimal commas
    with pytest.raises(ValueError, match=r"^may mean 1\.234 or 1234$"):
        column("1,234", "12", delimiter=delimiter, said="number")


def test_an_only_column_says_nothing_of_the_commas_in_it(tmp_path: Path) -> None:
    assert [row["x"] for row in table(tmp_path, "x\n1,234\n2,500\n")] == ["1,234", "2,500"]
    assert [row["x"] for row in table(tmp_path, "x\n1,234\n2,5\n")] == [1.234, 2.5]


def test_a_column_keeps_its_decimal_comma_to_its_end(tmp_path: Path) -> None:
    text = "volt;count\n" + "20,5;1000\n" * 1500
    assert list(table(tmp_path, text + "20;2.000\n"))[-1] == {"volt": 20.0, "count": 2000}
    with pytest.raises(
        ArgumentsInvalid, match=r"Line 1502 of a\.csv: '20\.5' does not fit the column 'volt' \(number\)"
    ):
        table(tmp_path, text + "20.5;1\n").check()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(), min_size=1))
def test_what_python_writes_is_read_as_it_was(numbers: list[float]) -> None:
    assert column(*map(repr, numbers)) == (
        "integer" if all(isinstance(n, int) for n in numbers) else "number",
        numbers if all(isinstance(n, int) for n in numbers) else [*map(float, numbers)],
    )


@given(st.lists(st.text("0123456789.,+-e \n'", max_size=9), max_size=4))
def test_cells_that_are_taken_for_numbers_together_are_so_each_alone(cells: list[str]) -> None:
    for form in (PLAIN, COMMA, GROUPED):
        if are_many_of(form.surely, cells):
            assert all(form.fits(cell) for cell in cells if cell)


# --- yes and no, dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "type", "values"),
    [
        (("True", "False", ""), "boolean", [True, False, None]),
        (("TRUE", "false"), "boolean", [True, False]),
        (("WAHR", "FALSCH"), "boolean", [True, False]),  # as Excel writes them in German
        (("vrai", "Faux", ""), "boolean", [True, False, None]),
        (("VERDADERO", "FALSO"), "boolean", [True, False]),
        (("VERO", "VERO"), "boolean", [True, True]),
        (("Vero", "Falso"), "boolean", [True, False]),
        (("Vero", " Vero"), "text", ["Vero", " Vero"]),  # a name
        (("yes", "no"), "text", ["yes", "no"]),  # "no" may be Norway: it is for the user to say
        (("True", "maybe"), "text", ["True", "maybe"]),
        (("2024-01-31", ""), "date", [date(2024, 1, 31), None]),
        (("31.1.2024", "01.02.2024"), "date", [date(2024, 1, 31), date(2024, 2, 1)]),
        (("2024-01-31", "2024-02-30"), "text", ["2024-01-31", "2024-02-30"]),
        (("01/02/2024",), "text", ["01/02/2024"]),  # in January, or in February?
        (("20240131",), "integer", [20240131]),
        (("2024-01-31 12:00", "2024-01-31"), "datetime", [at("2024-01-31 12:00"), at("2024-01-31")]),
        (("2024-01-31T12:00:05.25",), "datetime", [at("2024-01-31 12:00:05.250")]),
        (("2024-01-31 12:00:05.123456000",), "datetime", [at("2024-01-31 12:00:05.123456")]),
        (("2024-01-31 12:00:05.123456789",), "text", ["2024-01-31 12:00:05.123456789"]),  # which Python would cut
        (("2024-01-31", "1.2.2024"), "date", [date(2024, 1, 31), date(2024, 2, 1)]),
        (("31.01.24", "01.02.24"), "text", ["31.01.24", "01.02.24"]),
        (("2024-01-31 12:00:05Z",), "datetime", [datetime(2024, 1, 31, 12, 0, 5, tzinfo=UTC)]),
        (("2024-01-31T12:00+01:00",), "datetime", [datetime(2024, 1, 31, 12, tzinfo=timezone(timedelta(hours=1)))]),
        (("31.01.2024 9:05", "31.01.2024 10:00:01"), "datetime", [at("2024-01-31 09:05"), at("2024-01-31 10:00:01")]),
    ],
)  # fmt: skip
def test_words_and_dates_are_what_they_say(cells: tuple[str, ...], type: str, values: list[Any]) -> None:
    assert column(*cells) == (type, values)


@pytest.mark.parametrize(
    ("cells", "type", "values"),
    [
        (("1/2/2024", "12/31/2024"), "date", [date(2024, 1, 2), date(2024, 12, 31)]),
        (("1/2/2024", "31/12/2024"), "date", [date(2024, 2, 1), date(2024, 12, 31)]),
        (("1/2/2024", "1/31/2024 9:05"), "datetime", [at("2024-01-02"), at("2024-01-31 09:05")]),
        (("2024-02-01", "1/31/2024"), "date", [date(2024, 2, 1), date(2024, 1, 31)]),
        (("1/2/2024", "3/4/2024"), "text", ["1/2/2024", "3/4/2024"]),
        (("31/1/2024", "1/31/2024"), "text", ["31/1/2024", "1/31/2024"]),
        (("1/31/24", "2/1/24"), "text", ["1/31/24", "2/1/24"]),
        (("1/31/2024", "2/30/2024"), "text", ["1/31/2024", "2/30/2024"]),
        (("1/31", "13/20"), "text", ["1/31", "13/20"]),
    ],
)
def test_dates_with_slashes_are_read_where_some_cell_says_which_is_the_day(
    cells: tuple[str, ...], type: str, values: list[Any]
) -> None:
    assert column(*cells) == (type, values)


def test_a_date_with_slashes_further_down_that_does_not_fit_is_named(tmp_path: Path) -> None:
    rows = ["1/31/2024", *["1/2/2024"] * 2000, "31/1/2024"]
    with pytest.raises(ArgumentsInvalid, match="Line 2003 .*'31/1/2024' does not fit the column 'when'"):
        table(tmp_path, "when;n\n" + "\n".join(f"{row};1" for row in rows)).check()


def test_who_says_that_a_column_is_of_dates_has_them_read_with_slashes_too() -> None:
    assert column("1/31/2024", "2/1/2024", said="date") == ("date", [date(2024, 1, 31), date(2024, 2, 1)])
    assert column("1/31/2024", "2/1/2024", said="text") == ("text", ["1/31/2024", "2/1/2024"])
    with pytest.raises(ValueError, match="no date"):
        column("1/2/2024", said="date")  # January, or the first


def test_a_flag_that_is_false_is_false(tmp_path: Path) -> None:
    assert [bool(row["flag"]) for row in table(tmp_path, "flag\nTrue\nFalse\n")] == [True, False]


# --- said by the user -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "cells", "values"),
    [
        ("text", ("007", "", "NA"), ["007", None, "NA"]),
        ("integer", ("1", "2.0", "nan"), [1, 2, None]),
        ("integer", ("1.234", "2.500.000"), [1234, 2500000]),
        ("number", ("1", "2"), [1.0, 2.0]),
        ("number", ("20,0", "1.000,5"), [20.0, 1000.5]),
        ("boolean", ("yes", "No", "1", "0", "WAHR", "falsch", "y", "off"), [True, False, True, False, True, False, True, False]),
        ("date", ("2024-01-31",), [date(2024, 1, 31)]),
        ("datetime", ("2024-01-31",), [at("2024-01-31")]),
        ("date", ("31.1.24", "01.02.99", "31/12/29"), [date(2024, 1, 31), date(1999, 2, 1), date(2029, 12, 31)]),
        ("datetime", ("31.01.24 9:05", "1.2.30"), [at("2024-01-31 09:05"), at("1930-02-01")]),
        ("integer", ("$1,234.00", "-$5", "1"), [1234, -5, 1]),
        ("text", ("5 %",), ["5 %"]),
    ],
)  # fmt: skip
def test_what_the_user_says_of_a_column_holds(said: ColumnType, cells: tuple[str, ...], values: list[Any]) -> None:
    assert column(*cells, said=said) == (said, values)


@pytest.mark.parametrize(
    ("said", "cell", "words"),
    [
        ("integer", "2.5", "whole number"),
        ("integer", "inf", "whole number"),
        ("number", "n/a?", "number"),
        ("boolean", "maybe", "yes or no"),
        ("date", "2024-02-30", "date"),
        ("date", "2024-01-31 12:00", "date"),
        ("datetime", "noon", "date and time"),
    ],
)
def test_a_cell_that_does_not_fit_is_named_with_its_line_and_may_be_left_out(
    tmp_path: Path, said: ColumnType, cell: str, words: str
) -> None:
    good = {"integer": "1", "number": "1", "boolean": "yes", "date": "2024-01-31", "datetime": "2024-01-31"}[said]
    text = f"name,x\na,{good}\n\nb,{cell}\nc,{good}\nd,{cell}\n"
    arguments = table(tmp_path, text, types=(("x", said),))
    problem = f"Line 4 of a.csv: {cell!r} does not fit the column 'x' ({words}). 1 more row is bad."
    assert (arguments.preview().problem, arguments.preview().count) == (problem, 2)
    with pytest.raises(ArgumentsInvalid) as caught:
        arguments.check()
    assert str(caught.value).startswith(problem)
    assert "another type" in str(caught.value)
    with pytest.raises(ArgumentsInvalid, match=r"Line 4 of a\.csv"):
        list(arguments)
    skipping = table(tmp_path, text, types=(("x", said),), skip_bad=True)
    skipping.check()
    assert [row["name"] for row in skipping] == ["a", "c"]


def test_a_word_far_down_in_a_column_of_numbers_is_named(tmp_path: Path) -> None:
    text = "x\n" + "1\n" * 30_000
    with pytest.raises(ArgumentsInvalid, match=r"Line 30002 of a\.csv: 'oops' does not fit the column 'x'"):
        table(tmp_path, text + "oops\n").check()
    fraction = table(tmp_path, text + "0.5\n")
    fraction.check()  # it is still a number
    assert list(fraction)[-1] == {"x": 0.5}


def test_a_cell_of_two_lines_is_not_taken_for_two_numbers(tmp_path: Path) -> None:
    with pytest.raises(ArgumentsInvalid, match=r"Line 1502 of a\.csv"):
        table(tmp_path, "x,y\n" + "1,2\n" * 1500 + '"1\n2",3\n').check()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("12,5 %", "3 %", "0,5%", ""), [0.125, 0.03, 0.005, None]),
        (("5%", "10.5%"), [0.05, 0.105]),
        (("5.7%", "-0.1%", "1e-3%"), [0.057, -0.001, 0.00001]),  # 5.7 / 100 would be another number
        (("5,00 €", "-1.234,50 €"), [5.0, -1234.5]),
        (("€5,25", "-€ 3"), [5.25, -3.0]),
        (("-1.234,56 EUR", "EUR 5,00"), [-1234.56, 5.0]),
        (("$1,234.50", "-$5"), [1234.5, -5.0]),
        (("1\u00a0234,50\u00a0€",), [1234.5]),
        (("1.234 €", "2.500 €"), [1234.0, 2500.0]),
        (("1,59 €", "1,599 €"), [1.59, 1.599]),  # a litre of petrol
        (("0,125 €", "1,599 €"), [0.125, 1.599]),
        (("5 €", "6", "1.234 €"), [5.0, 6.0, 1234.0]),
    ],
)
def test_numbers_with_a_sign_of_percent_or_of_a_currency_are_numbers_where_the_user_says_so(
    cells: tuple[str, ...], values: list[Any]
) -> None:
    assert column(*cells, said="number") == ("number", values)


@pytest.mark.parametrize("delimiter", ["\t", "|", ",", ""])
def test_three_digits_behind_the_comma_of_a_sum_of_money_are_thousands(delimiter: str) -> None:
    assert column("$1,234", "-$2,500", delimiter=delimiter, said="number") == ("number", [1234.0, -2500.0])


@pytest.mark.parametrize(("cell", "delimiter"), [("$1,234", ";"), ("1,599 €", ";"), ("$3.459", ",")])
def test_money_that_the_delimiter_says_is_of_three_decimals_is_named(cell: str, delimiter: str) -> None:
    with pytest.raises(ValueError, match="^may mean "):
        column(cell, delimiter=delimiter, said="number")


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (("5 €", "5 €", "5 $"), "'5 $' in the column 'x' is of another unit than other cells (€)."),
        (("12 %", "13 %", "12"), "'12' in the column 'x' is of another unit than other cells (%)."),
        (("12", "13", "12 %"), "'12 %' in the column 'x' has a unit, and other cells none."),
    ],
)
def test_a_cell_of_another_unit_is_named(tmp_path: Path, cells: tuple[str, ...], problem: str) -> None:
    arguments = table(tmp_path, "x;y\n" + "".join(f"{cell};1\n" for cell in cells), types=(("x", "number"),))
    assert arguments.preview().problem == f"Line 4 of a.csv: {problem}"


@pytest.mark.parametrize("cell", ["%", "€", "$x", "100 % sure", "5 kg", "5 % %"])
def test_a_sign_makes_no_number_of_a_word(cell: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        column(cell, said="number")


def test_a_type_of_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentsInvalid, match=r"a\.csv has no column 'z' to read as number\. It has: x\."):
        table(tmp_path, "x\n1\n", types=(("z", "number"),))
    (tmp_path / "a.json").write_text("[1]")
    with pytest.raises(ArgumentsInvalid, match=r"a\.json says itself what its columns are"):
        open_arguments(ArgumentSource("json", path=str(tmp_path / "a.json"), types=(("x", "text"),)))


def test_the_preview_says_what_each_column_of_the_file_is(tmp_path: Path) -> None:
    text = "a;b;c;d;e;f;g\nx;1;1,5;true;2024-01-31;2024-01-31 12:00;0\n"
    preview = table(tmp_path, text, columns=(("a", ""), ("b", "z"))).preview()
    assert preview.types == (*COLUMN_TYPES, "integer")
    assert preview.rows == (("'x'", "1", "1.5", "True", "2024-01-31", "2024-01-31 12:00:00", "0"),)
