"""Job documents: what is saved is what is loaded, and what cannot be used is said."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui_core.arguments.argument_source import ARGUMENT_KINDS, COLUMN_TYPES, COMBINES, FILE_CONTENTS, ArgumentSource
from mcgui_core.client.job_document import JobDocument
from mcgui_core.errors import DocumentInvalid, EnvironmentInvalid
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.run_options import DEFAULTS
from tests.core.strategies import run_options

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FILENAME = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0/\\"), min_size=1, max_size=20
).filter(lambda name: name not in (".", ".."))


@st.composite
def documents(draw: st.DrawFn, folder: Path) -> JobDocument:
    kind = draw(st.sampled_from(ARGUMENT_KINDS))
    pairs = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3, unique_by=lambda pair: pair[0]).map(tuple)
    if kind == "expression":
        arguments = ArgumentSource("expression", draw(TEXT.filter(bool)))
    elif kind == "sweep":
        arguments = ArgumentSource("sweep", axes=draw(pairs), combine=draw(st.sampled_from(COMBINES)))
    elif kind == "tasks":
        arguments = ArgumentSource("tasks", draw(TEXT.filter(bool)))
    else:
        arguments = ArgumentSource(
            kind,
            path=str(folder / draw(FILENAME)),
            skip_bad=draw(st.booleans()),
            pattern=draw(TEXT),
            content=draw(st.sampled_from(FILE_CONTENTS)),
            columns=draw(pairs),
            types=draw(
                st.lists(st.tuples(TEXT, st.sampled_from(COLUMN_TYPES)), max_size=2, unique_by=lambda p: p[0]).map(
                    tuple
                )
            ),
            encoding=draw(TEXT),
        )
    return JobDocument(
        environment=str(folder / draw(FILENAME)),
        function=draw(TEXT.filter(bool)),
        arguments=arguments,
        name=draw(TEXT.filter(bool)),
        description=draw(TEXT),
        reduce=draw(st.none() | TEXT.filter(bool)),
        shared=tuple(draw(st.dictionaries(st.sampled_from(["table", "größe", "_x"]), TEXT)).items()),
        files=tuple(draw(st.lists(TEXT.filter(bool), max_size=3))),
        **draw(run_options()),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_what_is_saved_is_what_is_loaded(data: st.DataObject, tmp_path: Path) -> None:
    document = data.draw(documents(tmp_path))
    path = tmp_path / "any.mcjob"
    document.save(path)
    assert JobDocument.load(path) == document


def test_an_option_is_saved_as_it_was_opened_however_small_or_large(tmp_path: Path) -> None:
    path = tmp_path / "j.mcjob"
    path.write_text(GOOD.format('timeout = 0.04\npriority = 5000\nmemory = "1.5 GB"\nhedge = false\nchunksize = 7', ""))
    opened = JobDocument.load(path)
    opened.save(path)
    table = tomllib.loads(path.read_text())
    assert (table["timeout"], table["priority"], table["memory"]) == (0.04, 5000, 1_500_000_000)
    assert (table["hedge"], table["chunksize"]) == (False, 7)
    assert JobDocument.load(path) == opened


def test_a_document_reads_well(tmp_path: Path) -> None:
    document = JobDocument(
        environment=str(tmp_path / "pi.py"),
        function="throw",
        arguments=ArgumentSource("expression", "range(1_000_000)"),
        name="Pi",
        reduce="estimate",
    )
    document.save(tmp_path / "pi.mcjob")
    assert (tmp_path / "pi.mcjob").read_text() == (
        'name = "Pi"\nenvironment = "pi.py"\nfunction = "throw"\nreduce = "estimate"\n'
        '\n[arguments]\nkind = "expression"\ntext = "range(1_000_000)"\n'
    )
    assert [entry.name for entry in tmp_path.iterdir()] == ["pi.mcjob"]


def test_an_expression_of_several_lines_stays_several_lines(tmp_path: Path) -> None:
    text = '[\n    "a\\nb",\n    \'"""\',\n]'
    document = JobDocument(str(tmp_path / "e.py"), "f", ArgumentSource("expression", text))
    document.save(tmp_path / "d.mcjob")
    assert '"""\n[\n' in (tmp_path / "d.mcjob").read_text()
    assert JobDocument.load(tmp_path / "d.mcjob").arguments.text == text


def test_a_sweep_reads_well_and_its_axes_may_be_lists_too(tmp_path: Path) -> None:
    source = ArgumentSource("sweep", axes=(("length", "0.1 to 4 in 40"), ("angle (deg)", "10, 20")), combine="zip")
    JobDocument(str(tmp_path / "e.py"), "f", source, call="kwargs").save(tmp_path / "d.mcjob")
    text = (tmp_path / "d.mcjob").read_text()
    assert text.endswith(
        '[arguments]\nkind = "sweep"\ncombine = "zip"\n\n'
        '[arguments.axes]\nlength = "0.1 to 4 in 40"\n"angle (deg)" = "10, 20"\n'
    )
    (tmp_path / "d.mcjob").write_text(text.replace('"10, 20"', '[10, "a b"]').replace('"0.1 to 4 in 40"', "7"))
    assert JobDocument.load(tmp_path / "d.mcjob").arguments.axes == (("length", "7"), ("angle (deg)", "10, 'a b'"))


def test_types_of_columns_and_an_encoding_read_well(tmp_path: Path) -> None:
    source = ArgumentSource(
        "csv", path=str(tmp_path / "a.csv"), columns=(("n", "count"),), types=(("n", "integer"), ("at (UTC)", "datetime")), encoding="cp1252"
    )  # fmt: skip
    JobDocument(str(tmp_path / "e.py"), "f", source, call="kwargs").save(tmp_path / "d.mcjob")
    assert (tmp_path / "d.mcjob").read_text().endswith(
        '[arguments]\nkind = "csv"\npath = "a.csv"\nencoding = "cp1252"\n\n'
        '[arguments.columns]\nn = "count"\n\n'
        '[arguments.types]\nn = "integer"\n"at (UTC)" = "datetime"\n'
    )  # fmt: skip
    assert JobDocument.load(tmp_path / "d.mcjob").arguments == source


def test_a_document_and_its_files_can_be_moved_together(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    (before / "data").mkdir(parents=True)
    source = ArgumentSource("csv", path=str(before / "data" / "p.csv"))
    JobDocument(str(before / "e.py"), "f", source, call="kwargs").save(before / "j.mcjob")
    assert tomllib.loads((before / "j.mcjob").read_text())["arguments"]["path"] == "data/p.csv"
    before.rename(after)
    moved = JobDocument.load(after / "j.mcjob")
    assert (moved.environment, moved.arguments.path) == (str(after / "e.py"), str(after / "data" / "p.csv"))
    assert moved.name == "j"


def test_a_windows_text_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.mcjob"
    path.write_bytes(
        b'\xef\xbb\xbfenvironment = "e.py"\r\nfunction = "f"\r\ntimeout = 2\r\n[arguments]\r\nkind = "text"\r\npath = "a"\r\n'
    )
    assert JobDocument.load(path).timeout == 2.0


GOOD = 'environment = "e.py"\nfunction = "f"\n{}\n[arguments]\nkind = "expression"\ntext = "[1]"\n{}\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'arguments' is missing"),
        ("a = ", "not TOML"),
        ('environment = "e.py"\nfunction = "f"\narguments = "range(3)"', "'arguments' must be a table"),
        ('function = "f"\n[arguments]\nkind = "text"', "'environment' is missing"),
        (GOOD.format("retry = 1", ""), "unknown key 'retry'; did you mean 'retries'"),
        (GOOD.format("zzz = 1", ""), "unknown key 'zzz'"),
        (GOOD.format("", "texts = 'a'"), "unknown key 'arguments.texts'; did you mean 'arguments.text'"),
        (
            GOOD.format("", "types.x = 'float'"),
            "'arguments.types.x' must be one of text, integer, number, boolean, date",
        ),
        (GOOD.format("", "types.x = 1"), "'arguments.types.x' must be one of text"),
        (GOOD.format("", "types = 'text'"), "'arguments.types' must be a table"),
        (GOOD.format("", "encoding = 8"), "'arguments.encoding' must be text, not 8"),
        (GOOD.format("retries = -1", ""), "'retries' must be a whole number from 0 to 1,000,000, not -1"),
        (GOOD.format("retries = 1.5", ""), "'retries' must be a whole number from 0 to 1,000,000, not 1.5"),
        (GOOD.format("retries = true", ""), "'retries' must be a whole number from 0 to 1,000,000, not True"),
        (GOOD.format("timeout = 0", ""), "'timeout' must be a number of seconds from 0.000001 to 1,000,000,000, not 0"),
        (
            GOOD.format("timeout = nan", ""),
            "'timeout' must be a number of seconds from 0.000001 to 1,000,000,000, not nan",
        ),
        (
            GOOD.format("timeout = 'long'", ""),
            "'timeout' must be a number of seconds from 0.000001 to 1,000,000,000, not 'long'",
        ),
        (GOOD.format("call = 'star'", ""), "'call' must be one of single, args, kwargs, not 'star'"),
        (GOOD.format("on_error = 'go'", ""), "'on_error' must be one of continue, stop"),
        (GOOD.format("name = 3", ""), "'name' must be text, not 3"),
        (GOOD.format("reduce = ''", ""), "'reduce' must be the name of a function"),
        (GOOD.format("", "skip_bad = 'yes'"), "'arguments.skip_bad' must be true or false"),
        (GOOD.format("", "path = 3"), "'arguments.path' must be text"),
        (GOOD.replace("expression", "guess").format("", ""), "'arguments.kind' must be one of expression, text, csv"),
        (GOOD.replace("expression", "sweep").format("", ""), "'arguments.axes' is missing"),
        (GOOD.format("", "axes = 3"), "'arguments.axes' must be a table"),
        (GOOD.format("", "axes.x = 1979-05-27"), "'arguments.axes.x' must be text such as"),
        (GOOD.format("", "columns.x = 3"), "'arguments.columns.x' must be the name of a parameter"),
        (GOOD.format("", "combine = 'add'"), "'arguments.combine' must be one of product, zip"),
        (GOOD.replace("expression", "csv").format("", ""), "'arguments.path' is missing"),
        (GOOD.replace("[1]", "").format("", ""), "'arguments.text' is missing"),
    ],
)
def test_a_document_that_cannot_be_used_says_why(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.mcjob"
    path.write_text(text)
    with pytest.raises(DocumentInvalid) as caught:
        JobDocument.load(path)
    assert problem in str(caught.value)
    assert "bad.mcjob" in str(caught.value)


def test_a_document_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentInvalid, match="cannot be read"):
        JobDocument.load(tmp_path / "none.mcjob")
    (tmp_path / "bytes.mcjob").write_bytes(b"a = '\xff'")
    with pytest.raises(DocumentInvalid, match="not UTF-8"):
        JobDocument.load(tmp_path / "bytes.mcjob")


def test_a_save_that_fails_leaves_the_old_document(tmp_path: Path) -> None:
    document = JobDocument(str(tmp_path / "e.py"), "f", ArgumentSource("expression", "[1]"))
    document.save(tmp_path / "d.mcjob")
    before = (tmp_path / "d.mcjob").read_bytes()
    broken = JobDocument(str(tmp_path / "e.py"), "\udc80", ArgumentSource("expression", "[1]"))
    with pytest.raises(DocumentInvalid, match="no text"):
        broken.save(tmp_path / "d.mcjob")
    assert (tmp_path / "d.mcjob").read_bytes() == before
    with pytest.raises(DocumentInvalid, match="cannot be written"):
        document.save(tmp_path / "no such folder" / "d.mcjob")


def test_a_document_gives_the_description_of_its_job(tmp_path: Path) -> None:
    (tmp_path / "e.py").write_text("def f(x): ...\n")
    document = JobDocument(str(tmp_path / "e.py"), "f", ArgumentSource("expression", "[1]"), name="N", retries=2)
    assert document.spec() == JobSpec("N", "def f(x): ...\n", "f", retries=2, filename=str(tmp_path / "e.py"))
    assert replace(document, memory=10**9, hedge=False).spec().options() == {
        **DEFAULTS,
        "retries": 2,
        "memory": 10**9,
        "hedge": False,
    }
    (tmp_path / "e.py").unlink()
    with pytest.raises(EnvironmentInvalid, match="cannot be read"):
        document.spec()
