"""CSV files as pandas, Excel and instruments write them: headers, separators and marks that are not as in a book."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid

BOTH = [{"x": 1, "y": 2}, {"x": 3, "y": 4}]


def table(folder: Path, text: str | bytes, environment: str = "", **options: Any) -> Arguments:
    path = folder / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path), **options), environment, function="f")


# --- headers --------------------------------------------------------------------------------------------------------


def test_what_pandas_writes_is_read_without_the_numbers_of_its_rows(tmp_path: Path) -> None:
    arguments = table(tmp_path, ",x,y\n0,1,2\n1,3,4\n")
    preview = arguments.preview()
    assert list(arguments) == BOTH
    assert (preview.fields, preview.columns, preview.count) == (("column 1", "x", "y"), ("x", "y"), 2)
    assert preview.first == ("{'x': 1, 'y': 2}", "{'x': 3, 'y': 4}")


def test_a_column_without_a_name_can_be_passed_as_a_parameter_or_as_its_number(tmp_path: Path) -> None:
    text = ",x\nfirst,1\n"
    assert list(table(tmp_path, text, columns=(("column 1", "label"),))) == [{"label": "first", "x": 1}]
    assert list(table(tmp_path, text, columns=(("column 1", "column 1"),))) == [{"column 1": "first", "x": 1}]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,,c\n1,2,3\n", ("a", "column 2", "c")),
        ("a,b,\n1,2,3\n", ("a", "b", "column 3")),
        ("column 1,,column 2\n1,2,3\n", ("column 1", "column 2 (2)", "column 2")),
        ("a,b,a\n1,2,3\n", ("a", "b", "a (2)")),
        ("a,a,a (2)\n1,2,3\n", ("a", "a (3)", "a (2)")),
        (",0,1\n1,2,3\n", ("column 1", "0", "1")),
        ('"a, b",c\n1,2\n', ("a, b", "c")),
        ('\ufeff"a","b ""c"""\n1,2\n', ("a", 'b "c"')),
        ("\ufeff\ufeffa,b\n1,2\n", ("a", "b")),
        ("\ufeff\n\n\r\na,b\n1,2\n", ("a", "b")),
        ("# made by X, on Monday\n#\na,b,c\n1,2,3\n", ("a", "b", "c")),
        ("# a,b\n1.0e+00,2.0e+00\n", ("a", "b")),  # as numpy.savetxt writes it
        ("# a\n1\n", ("a",)),
        ("# a\nb\n", ("b",)),
        ("# a;b\n1,5;2,5\n", ("a", "b")),
        ("# day,x\n2024-01-01,NA\n2024-01-02,3\n", ("day", "x")),
        ("# Station 5, Berlin\ntime,value\n1,2\n", ("time", "value")),
        ("#Station 5, Berlin\ntime,value\n1,2\n", ("time", "value")),
        ("#stations\nx\n1\n", ("x",)),
        ("##version=4\nBerlin\nParis\n", ("Berlin",)),
        ("##version=4\n#CHROM\tPOS\n1\t2\n", ("CHROM", "POS")),
        ("#,b\n1,2\n", ("#", "b")),
    ],
)
def test_every_column_of_a_header_has_a_name_of_its_own(tmp_path: Path, text: str, fields: tuple[str, ...]) -> None:
    assert table(tmp_path, text).preview().fields == fields


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("#city\nBerlin\nParis\n", [{"city": "Berlin"}, {"city": "Paris"}]),
        ("#city,in\nBerlin,DE\n", [{"city": "Berlin", "in": "DE"}]),
        ("# Station 5, Berlin\ntime,value\n1,2\n", [{"time": 1, "value": 2}]),
    ],
)
def test_neither_a_row_is_lost_to_a_remark_nor_a_header_made_a_row(
    tmp_path: Path, text: str, rows: list[dict[str, Any]]
) -> None:
    assert list(table(tmp_path, text)) == rows


def test_a_name_that_comes_twice_is_passed_once_by_each_name(tmp_path: Path) -> None:
    assert list(table(tmp_path, "x,x\n1,2\n")) == [{"x": 1, "x (2)": 2}]
    assert list(table(tmp_path, "x,x\n1,2\n", columns=(("x (2)", ""),))) == [{"x": 1}]


# --- separators and empty lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x;y;\n1;2;\n3;4;\n",
        "x;y\n1;2;\n3;4;\n",
        "x;y;;\n1;2;;\n3;4\n",
        "x,y\n1,2\n3,4,,,\n",
        "x\ty\t\n1\t2\t\n3\t4\t\n",
        "sep=;\nx;y\n1;2\n3;4\n",
        "SEP=;\r\nx;y\r\n1;2\r\n3;4\r\n",
        '"sep=|"\nx|y\n1|2\n3|4\n',
        "\ufeffsep=\t\nx\ty\n1\t2\n3\t4\n",
        "sep=:\nx:y\n1:2\n3:4\n",
        "\n\nx,y\n\n1,2\n,\n \n3,4\n\n",
        "x,y\r1,2\r3,4\r",
        "x , y\n 1, 2 \n3 ,4",
    ],
)
def test_separators_and_lines_that_hold_nothing_do_not_count(tmp_path: Path, text: str) -> None:
    arguments = table(tmp_path, text)
    arguments.check()
    assert list(arguments) == BOTH
    assert (arguments.count, arguments.preview().columns) == (2, ("x", "y"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x\n1,5\n20,25\n", [1.5, 20.25]),
        ('x\n"1,5"\n20,25\n', [1.5, 20.25]),
        ("x\nBonn, Rhein\nUlm\n", ["Bonn, Rhein", "Ulm"]),
        ("x\nHello, Ann\nabc, 5\ndef, 6\n", ["Hello, Ann", "abc, 5", "def, 6"]),
        ("x\nHello,Ann\nabc,5\ndef,6\n", ["Hello,Ann", "abc,5", "def,6"]),
        ("# by X\nx\n\nHello, Ann\nabc, 5\ndef, 6\n", ["Hello, Ann", "abc, 5", "def, 6"]),
    ],
)
def test_a_comma_in_an_only_column_is_none_between_columns(tmp_path: Path, text: str, values: list[Any]) -> None:
    assert [row["x"] for row in table(tmp_path, text)] == values


def test_a_line_is_named_by_its_number_in_the_file_also_below_what_is_skipped(tmp_path: Path) -> None:
    arguments = table(tmp_path, "sep=;\n\nx;y\n1;2;\n1;2;3;\n")
    with pytest.raises(ArgumentsInvalid, match=r"Line 5 of a\.csv has 3 columns, the header 2\."):
        arguments.check()
    with pytest.raises(ArgumentsInvalid, match=r"Line 4 of a\.csv has 3 columns, the header 2\."):
        table(tmp_path, "# one\n# two\nx;y\n1;2;3;\n").check()


@pytest.mark.parametrize("end", ["", "\n", "\n3,4\n", "\n3,4\n\n"])
def test_a_quotation_mark_that_is_never_closed_takes_no_rows_along(tmp_path: Path, end: str) -> None:
    arguments = table(tmp_path, 'x,y\n1,a\n2,"b' + end)
    for read in (arguments.preview, arguments.check, lambda: list(arguments)):
        with pytest.raises(ArgumentsInvalid, match=r"Line 3 of a\.csv cannot be read.*never closed"):
            read()


def test_cells_of_several_lines_and_long_ones_are_whole(tmp_path: Path) -> None:
    text = 'x;y\r\n"a;\r\n""b""\r\n";1,5\r\n' + "A" * 200_000 + ";2,5\r\n"
    assert list(table(tmp_path, text)) == [{"x": 'a;\r\n"b"\r\n', "y": 1.5}, {"x": "A" * 200_000, "y": 2.5}]


def test_files_that_were_put_together_may_have_byte_order_marks_within(tmp_path: Path) -> None:
    assert list(table(tmp_path, "\ufeffx,y\n1,2\n\ufeff3,4\n")) == BOTH


def test_a_cell_behind_the_last_column_is_not_lost_in_silence(tmp_path: Path) -> None:
    rows = "x;y;\n" + "1;2;\n" * 2000
    with pytest.raises(ArgumentsInvalid, match=r"Line 2002 of a\.csv has 3 columns, the header 2\."):
        table(tmp_path, rows + "1;2;note\n").check()


# --- headers and parameters -----------------------------------------------------------------------------------------

SOURCE = "def f(label, start_time=0, maxIter=1): ...\n"


@pytest.mark.parametrize(
    ("header", "passed"),
    [
        ("Label", ("label",)),
        ("LABEL,Start time", ("label", "start_time")),
        ("label,start-time,Max_Iter", ("label", "start_time", "maxIter")),
        ("label,Label", ("label", "Label")),
        ("Label,LABEL", ("Label", "LABEL")),
        ("la bel,other", ("label", "other")),
    ],
)
def test_columns_find_their_parameters_as_people_read_names(
    tmp_path: Path, header: str, passed: tuple[str, ...]
) -> None:
    arguments = table(tmp_path, f"{header}\n{','.join('1' * len(passed))}\n", SOURCE)
    assert arguments.preview().columns == passed
    assert [tuple(row) for row in arguments] == [passed]


@pytest.mark.parametrize(
    ("header", "passed"),
    [
        ("Größe;Straße", ("groesse", "strasse")),
        ("GRÖSSE;Température", ("groesse", "temperature")),
        ("Gro\u0308ße;Tempe\u0301rature", ("groesse", "temperature")),  # as macOS writes them
        ("Groesse;GRÖSSE", ("Groesse", "GRÖSSE")),  # which of the two is meant?
    ],
)
def test_letters_beyond_ascii_are_read_as_people_write_them_out(
    tmp_path: Path, header: str, passed: tuple[str, ...]
) -> None:
    source = "def f(groesse=0, strasse=0, temperature=0): ...\n"
    assert table(tmp_path, f"{header}\n1;2\n", source).preview().columns == passed


def test_an_accent_that_is_left_out_is_read_too(tmp_path: Path) -> None:
    assert table(tmp_path, "Größe;Menge\n1;2\n", "def f(grosse, menge): ...\n").preview().columns == ("grosse", "menge")


@pytest.mark.parametrize(
    ("header", "passed"),
    [
        ("Mass [mg];Length (m)", ("mass", "length_m")),
        ("MASS [%];Length(m)", ("mass", "length_m")),
        ("mass;Mass [mg]", ("mass", "Mass [mg]")),
        ("Mass [mg];Mass [g]", ("Mass [mg]", "Mass [g]")),  # which of the two is meant?
        ("Length (m);Length (cm)", ("length_m", "Length (cm)")),
        ("[mg];(m)", ("[mg]", "(m)")),
    ],
)
def test_units_behind_a_name_are_part_of_it_only_where_the_parameter_has_them(
    tmp_path: Path, header: str, passed: tuple[str, ...]
) -> None:
    source = "def f(mass=0, length_m=0): ...\n"
    assert table(tmp_path, f"{header}\n1;2\n", source).preview().columns == passed


def test_what_is_said_of_a_column_comes_before_what_its_name_reads_like(tmp_path: Path) -> None:
    text = "Label,name\n1,2\n"
    assert list(table(tmp_path, text, SOURCE, columns=(("name", "label"),))) == [{"Label": 1, "label": 2}]
    assert list(table(tmp_path, text, SOURCE, columns=(("Label", "Label"),))) == [{"Label": 1, "name": 2}]
    assert list(table(tmp_path, text, SOURCE, columns=(("Label", ""),))) == [{"name": 2}]


def test_parameters_that_read_alike_are_matched_by_nobody(tmp_path: Path) -> None:
    arguments = table(tmp_path, "Ab\n1\n", "def f(ab=1, a_b=2): ...\n")
    assert list(arguments) == [{"Ab": 1}]


def test_keys_of_json_find_their_parameters_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"Start Time": 1, "Label": "x"}\n')
    arguments = open_arguments(ArgumentSource("jsonl", path=str(path)), SOURCE, function="f")
    assert list(arguments) == [{"start_time": 1, "label": "x"}]


def test_a_frame_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = ",n,x,on,day\n0,1,0.5,True,2024-01-31\n1,2,,False,2024-02-01\n"
    assert list(table(tmp_path, text)) == [
        {"n": 1, "x": 0.5, "on": True, "day": date(2024, 1, 31)},
        {"n": 2, "x": None, "on": False, "day": date(2024, 2, 1)},
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('[\n  {"x": 1},\n  {"x": 2}\n]\n', [{"x": 1}, {"x": 2}]),
        ('\n  [{"x": 1},\n   {"x": 2}]\n', [{"x": 1}, {"x": 2}]),
        ('[\r\n{"x": 1}\r\n,{"x": 2}\r\n]', [{"x": 1}, {"x": 2}]),
        ("[\n[1, 2]\n]\n", [[1, 2]]),
        ('[{"x": 1}, {"x": 2}]\n', [[{"x": 1}, {"x": 2}]]),  # as a line of several would be read
        ("[[1, 2], [3, 4]]", [[[1, 2], [3, 4]]]),
        ("[[1, 2], [3, 4]]\n[[5, 6], [7, 8]]\n", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
        ("[1, 2]\n", [[1, 2]]),
        ("[1, 2]\n[3, 4]\n", [[1, 2], [3, 4]]),
        ('[{"x": 1}]\n[{"x": 2}]\n', [[{"x": 1}], [{"x": 2}]]),
        ("[]\n", [[]]),
    ],
)
def test_an_array_of_several_lines_under_the_name_of_json_lines_is_read_as_one(
    tmp_path: Path, text: str, values: list[object]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    arguments = open_arguments(ArgumentSource("jsonl", path=str(path)))
    assert list(arguments) == values
    assert arguments.preview().count == len(values)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            '[{"x": 1}, {"x": 2}]\n',
            "a.jsonl is one line, an array of 2 elements, and so one argument. Read it as JSON if",
        ),
        ("[7]", "a.jsonl is one line, an array of 1 element, and so one argument."),
        ("[1]\n[2]\n", ""),
        ("[\n[1, 2]\n]\n", ""),
        ("[]\n", ""),
        ("[1]\n[2\n", ""),
        ('{"x": [1]}\n', ""),
    ],
)
def test_an_array_that_is_the_only_line_is_told(tmp_path: Path, text: str, note: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    said = open_arguments(ArgumentSource("jsonl", path=str(path), skip_bad=True)).preview().note
    assert said.startswith(note)
    assert bool(said) == bool(note)


@pytest.mark.parametrize("broken", ["[1, 2,", "[", "[[1,"])
def test_a_broken_first_line_of_json_lines_costs_one_row(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{broken}\n[3, 4]\n[5, 6]\n")
    arguments = open_arguments(ArgumentSource("jsonl", path=str(path), skip_bad=True))
    assert list(arguments) == [[3, 4], [5, 6]]
    assert arguments.preview().problem.startswith("Line 1 of a.jsonl is not JSON")


def test_an_array_of_several_lines_that_is_broken_is_told_by_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('[\n  {"x": 1},\n  {"x": }\n]\n')
    with pytest.raises(ArgumentsInvalid, match="Line 3 of a.jsonl is not JSON"):
        list(open_arguments(ArgumentSource("jsonl", path=str(path))))
