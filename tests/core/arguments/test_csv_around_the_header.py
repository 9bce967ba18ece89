"""What stands above the header of a CSV file and next below it: titles, preambles, units; and cells that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid

BOTH = [{"x": 1, "y": 2}, {"x": 3, "y": 4}]


def table(folder: Path, text: str, environment: str = "", **options: Any) -> Arguments:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path), **options), environment, function="f")


@pytest.mark.parametrize(
    "text",
    [
        "Results of May;\nx;y\n1;2\n3;4\n",
        "Results of May;;\n;;\nx;y;\n1;2;\n3;4;\n",
        "Results of May\nsecond run: 12\n\nx;y\n1;2\n3;4\n",
        "Results of May\nx,y\n1,2\n3,4\n",
        "Results\n\nx,y\n1,2\n3,4\n",
        "Results\nx, y\n1, 2\n3, 4\n",
        "Results\nMay\nx,y\n1,2\n3,4\n",
        "Results\nx;y\n1;2\n3;4\n",
        "# made by X\nResults of May\n\nx\ty\n1\t2\n3\t4\n",
    ],
)
def test_titles_above_the_header_are_no_header(tmp_path: Path, text: str) -> None:
    arguments = table(tmp_path, text)
    arguments.check()
    assert list(arguments) == BOTH
    assert arguments.preview().fields == ("x", "y")
    assert "its header, is left out." in arguments.preview().note


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('"Konto:";"DE12"\n"Stand:";"12.345,67 EUR"\n\n"Tag";"Text";"Betrag"\n"31.12.2026";"a";"-1.234,5 EUR"\n', 4),
        (
            "Umsatz;vom: 1.1.2026\n\nIBAN;DE12\nBank;ING\nSaldo;1,5;EUR\n\nalle, auch:\nTag;Text;Art;Betrag\n31.12.2026;b;c;-1,5\n",
            8,
        ),
        (";\n;;30 Tage;\nTag;Text;Art;Betrag\n31.12.2026;b;c;-1,5;\n", 3),
        ("Device,Log 3\nStart,2026-01-01 00:00\nRuns,4\n\nTag,Text,Betrag\n2026-12-31 00:00:00,ok,20.1\n", 5),
        ("Gerät:;A\nBereich:;1;2\nTag;Text;Art;Betrag\n31.12.2026;b;c;-1,5\n", 3),
        (
            "Umsätze;;;Zeitraum: 30 Tage\nSaldo;;;;1,5;EUR\nVorgemerkte fehlen.\nTag;Text;a;b;c;d;Betrag\n1.2.2026;;;;;;2\n",
            4,
        ),
        ('"Konto:";"a\nb"\nTag;Text;Betrag\n31.12.2026;a;1,5\n', 3),
        ("Results\n2026-05-01\n\nTag;Text;Betrag\nMo;a;2\nDi;b;4\n", 4),
        ("Project;Apollo;;\n;;;\nTag;Text;Betrag;\n31.12.2026;b;2,5;\n30.12.2026;b;2,5;\n", 3),
    ],
)
def test_lines_of_fewer_columns_than_the_table_below_them_are_none_of_it(tmp_path: Path, text: str, line: int) -> None:
    preview = table(tmp_path, text).preview()
    assert preview.fields[:2] == ("Tag", "Text")
    assert preview.fields[-1] == "Betrag"
    assert preview.note.startswith(f"What stands above line {line} of a.csv, its header, is left out.")
    assert not preview.problem


@pytest.mark.parametrize("text", ["a;b;\nBob;Rome;friend\nAl;Oslo;foe\n", '"a","b"\n"r1","Bob",3\n"r2","Al",4\n'])
def test_a_header_that_lacks_the_name_of_a_column_is_no_preamble(tmp_path: Path, text: str) -> None:
    preview = table(tmp_path, text).preview()
    assert preview.fields[:2] == ("a", "b")
    assert "What stands above" not in preview.note


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a;b\nx1;ok\nx2;bad;why 5\nx3;ok;4\nx4;ok;7\n", 3),
        ("a;b\nanna;bonn;x\nben;ulm;3\n", 2),
        ("a;b\nanna;bonn;x;y\nben;ulm;3;4\n", 2),
        ("a;b\n\nanna;bonn;x\nben;ulm;3\n", 3),
        ('"a";b\n"x1\n\nmore";ok\nx2;bad;why 5\nx3;ok;4\nx4;ok;7\n', 5),
        ('"a","b"\n"r1","NA","NA"\n"r2",2,4.5\n"r3",3,6.5\n', 2),
        ("a;b\ns;m/s;kg\n1;2;3\n2;3;4\n", 3),  # a row of units
        ("a;b\nserial;A12\ndate;2026-01-01\nx;y;z\n0;1;2\n1;2;3\n", 4),
        ("a;b\nk;1\nl;2\n\nname;x;y\nanna;1;2\nben;2;3\ncleo;3;4\n", 5),  # two tables
        ("a;b\nk;1\n\nname;x;y\nanna;1;2\nben;2;3\ncleo;3;4\n", 4),
        ("a;b\nanna;bonn\nben;ulm\n\nid;x;y\n1;1;2\n2;2;3\n3;3;4\n", 5),
    ],
)
def test_a_header_that_may_be_narrower_than_its_rows_is_no_preamble(tmp_path: Path, text: str, line: int) -> None:
    preview = table(tmp_path, text).preview()
    assert preview.fields == ("a", "b")
    assert preview.problem.startswith(f"Line {line} of a.csv has ")


def test_of_two_tables_the_first_is_read_where_bad_rows_are_left_out(tmp_path: Path) -> None:
    text = "key;value\na;1\nb;2\n\nname;x;y\nanna;1;2\nben;2;3\ncleo;3;4\n"
    assert list(table(tmp_path, text, skip_bad=True)) == [{"key": "a", "value": 1}, {"key": "b", "value": 2}]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("id\nx2;bad\nx3;4\nx4;7\n", {"id": "x2;bad"}),
        ("id\n5\n6\n\nname;x;y\nanna;1;2\nben;2;3\n", {"id": "5"}),
        ("full name;price\nanna;eur,x\nben;2,75\ncleo;3,20\n", {"full name": "anna", "price": "eur,x"}),
    ],
)
def test_a_name_that_may_be_that_of_the_first_column_is_no_title(
    tmp_path: Path, text: str, first: dict[str, Any]
) -> None:
    assert next(iter(table(tmp_path, text))) == first


@pytest.mark.parametrize(
    ("cells", "odd"),
    [
        (("1", "2", "k.A.", *"4567891234567"), "'k.A.' in line 4"),
        (("name", "(s)", "1", "2", "3"), "'name' in line 2"),
        (("?", "1", "2,5", "1.234,5"), "'?' in line 2"),
        (("1", "2", "14a", "5"), ""),
        (("01010", "37010", *"123456789012345"), ""),
        (("a", "b", "c", "d", *"123456789"), ""),
        (("NA", "1", "2", "3"), ""),
    ],
)
def test_few_cells_by_which_a_column_of_numbers_is_text_are_told(
    tmp_path: Path, cells: tuple[str, ...], odd: str
) -> None:
    note = table(tmp_path, "\n".join(("x;y", *(f"{cell};a" for cell in cells)))).preview().note
    told = f"The column 'x' is text, since {odd} is no number. If that is no data, say that 'x' is a number, and leave out bad rows."
    assert note == (told if odd else "")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("-1.234,56 EUR", "", "2,50 EUR"), "'-1.234,56 EUR'"),
        (("12", "13 %"), "'13 %'"),
        (("$5", "free"), ""),
        (("EUR", "USD"), ""),
    ],
)
def test_numbers_that_are_text_for_their_signs_are_told(tmp_path: Path, cells: tuple[str, ...], told: str) -> None:
    note = table(tmp_path, "\n".join(("x;y", *(f"{cell};a" for cell in cells)))).preview().note
    words = f"The column 'x' is text, with signs such as in {told}. Say that 'x' is a number to have it as one."
    assert note == (words if told else "")


@pytest.mark.parametrize("text", ["x y\n1 2\n3 4\n", "  x   y \n  1   2 \n\n  3   4\n", "# x y\n1e0 2\n3 4\n"])
def test_spaces_divide_numbers_where_nothing_else_does(tmp_path: Path, text: str) -> None:
    arguments = table(tmp_path, text)
    arguments.check()
    assert list(arguments) == BOTH


@pytest.mark.parametrize(
    ("text", "column"), [("a name\nBob Roe\n", "a name"), ("x y\n1 2\n3\n", "x y"), ("x\n1 234\n", "x")]
)
def test_spaces_in_words_and_numbers_divide_nothing(tmp_path: Path, text: str, column: str) -> None:
    assert table(tmp_path, text).preview().fields == (column,)


def test_a_line_below_titles_is_named_by_its_number_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(ArgumentsInvalid, match=r"Line 6 of a\.csv has 3 columns, the header 2\."):
        table(tmp_path, "Results\n\nx;y\n1;2\n1;2;\n1;2;3\n").check()


@pytest.mark.parametrize("text", ["x;\n1;note\n2;\n", "x\n1\n2\n", "x;;\n1;a;b\n2;c;d\n"])
def test_the_name_of_the_first_column_is_no_title_where_no_names_stand_below_it(tmp_path: Path, text: str) -> None:
    assert list(table(tmp_path, text)) == [{"x": 1}, {"x": 2}]


@pytest.mark.parametrize(
    "units", ["s;kg;-", "[s];[kg];", "ms;kg/m^3;", "°C;%;\N{EN DASH}", "(1/s);kg·m²;-", "d;EUR;", "m;m;", "V;mA;"]
)
def test_units_below_the_header_are_no_row(tmp_path: Path, units: str) -> None:
    arguments = table(tmp_path, f"time;mass;note\n{units}\n1;2,5;Ada\n2;3,5;Bob\n")
    assert list(arguments) == [{"time": 1, "mass": 2.5, "note": "Ada"}, {"time": 2, "mass": 3.5, "note": "Bob"}]
    assert arguments.preview().count == 2
    arguments.check()


def test_a_row_of_units_that_is_left_out_is_told_and_can_be_had(tmp_path: Path) -> None:
    text = "Time;mass;note\ns;kg;-\n1;2,5;Ada\n"
    note = table(tmp_path, text, "def f(time): ...\n").preview().note
    assert note == (
        "The row of units below the header of a.csv (s, kg) is left out. If it is data, read the column 'Time' as text."
    )
    for column in ("Time", "mass"):
        arguments = table(tmp_path, text, types=((column, "text"),))
        assert arguments.preview().note == ""
        assert next(iter(arguments)) == {"Time": "s", "mass": "kg", "note": "-"}
        assert arguments.preview().count == 2
    assert list(table(tmp_path, text, types=(("note", "text"),))) == [{"Time": 1, "mass": 2.5, "note": "Ada"}]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("size;price\nL;5\nXL;6\n", 2),  # it has a number
        ("size\nS\n36\n38\n", 3),  # a letter is a value as good as any
        ("name;unit\nmass;kg\ntime;s\n", 2),
        ("from;to\nkg;g\nm;km\n", 2),  # of units
        ("a;b\nbroken;broken\n1;2\n", 2),
        ("a;b\nkg;s\n", 1),  # nobody knows
        ("lo,hi\nA,C\n10,20\n30,40\n", 3),  # hexadecimal
        ("lo,hi\na,cd\n10,20\n30,40\n", 3),
        ("one,two\nA,K\n10,9\n2,3\n", 3),  # cards
        ("one,two\nA,C\nNA,\n5,7\n", 3),  # grades
        ("src,dst\nA1,B2\n7,8\n9,10\n", 3),  # wells
        ("src,mass\nA1,kg\n7,8\n", 2),
        ("when,n\nday,1\n3,4\n", 2),
    ],
)
def test_no_other_row_is_taken_for_one_of_units(tmp_path: Path, text: str, count: int) -> None:
    assert table(tmp_path, text).preview().count == count
    assert len(list(table(tmp_path, text))) == count
