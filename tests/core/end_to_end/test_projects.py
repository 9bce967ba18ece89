"""An environment that is a file runs elsewhere as it runs at home: with what it imports and reads beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.client.job_document import JobDocument
from mcgui_core.errors import BadInput
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.workbench.workbench import Workbench
from tests.support import cluster

ROOT = Path(__file__).parents[3]

HEADER = '# /// script\n# [tool.mcgui]\n# files = ["data/*.csv", "data/program.py", "pack/in.txt"]\n# ///\n'


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(2) as master:
        yield master


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "helper.py").write_text("VALUE = 'first'\nclass H:\n    pass\n")
    (tmp_path / "data/program.py").write_text("import part\nprint(part.NAME)\n")
    (tmp_path / "data/part.py").write_text('NAME = "a program\'s part"\n')
    (tmp_path / "pack/in.txt").write_text("inside")
    (tmp_path / "pack/__init__.py").write_text("")
    (tmp_path / "pack/sibling.py").write_text("VALUE = 'sibling'\n")
    (tmp_path / "data/a.csv").write_text("1,2\n")
    (tmp_path / "data/large.csv").write_bytes(bytes(range(256)) * 12_000)
    return tmp_path


def run(master: Master, path: Path, source: str, **options: Any) -> Any:
    path.write_text(source)
    (result,) = master.submit(path, "f", [1], **options).results()
    assert str(path.parent) not in repr(result), "it ran at home"
    return result


WORKS = {
    "a module beside it": ("import helper", "helper.VALUE", "first"),
    "a module imported late": ("", "__import__('helper').VALUE", "first"),
    "a package": ("from pack import sibling", "sibling.VALUE", "sibling"),
    "a data file from the working folder": ("from pathlib import Path", "Path('data/a.csv').read_text()", "1,2\n"),
    "a data file beside __file__": (
        "from pathlib import Path",
        "Path(__file__).with_name('data').joinpath('a.csv').read_text()",
        "1,2\n",
    ),
    "a file of several pieces": ("import os", "os.path.getsize('data/large.csv')", 256 * 12_000),
    "the name of its file": ("import os", "os.path.basename(__file__)", "model.py"),
    "the working folder": ("import os", "os.getcwd() == os.path.dirname(__file__)", True),
    "the source of a function": ("import inspect", "inspect.getsource(g)", "def g(x):\n    return x + 1\n"),
    "the source of a class": ("import inspect", "inspect.getsource(C)", "class C:\n    pass\n"),
    "itself by its file's name": ("", "__import__('model').g is g", True),
    "a package's data": ("import importlib.resources as r", "r.files('pack').joinpath('in.txt').read_text()", "inside"),
    "its own module": ("import inspect, sys", "inspect.getmodule(f) is sys.modules[__name__]", True),
    "its hints": ("import typing\ndef h(c: 'C') -> int: ...", "typing.get_type_hints(h)['c'] is C", True),
    "its classes in a pickle": ("import pickle", "isinstance(pickle.loads(pickle.dumps(C())), C)", True),
    "that it is no script": ("assert __name__ != '__main__'", "1", 1),
    "a module once more": ("import importlib, helper", "importlib.reload(helper).VALUE", "first"),
    "the source of another module's class": ("import helper, inspect", "inspect.getsource(helper.H)[:8]", "class H:"),
    "the source of a lambda": ("import inspect\nh = lambda x: x", "inspect.getsource(h)", "h = lambda x: x\n"),
    "a line by its number": ("import linecache", "linecache.getline(__file__, 5)", "import linecache\n"),
    "its own text": ("import inspect, sys", "inspect.getsource(sys.modules[__name__])[:12]", "# /// script"),
    "a line that warns": (
        """import contextlib, io, warnings
def w():
    with contextlib.redirect_stderr(io.StringIO()) as said:
        warnings.warn("old")
    return said.getvalue().splitlines()[1].strip()""",
        "w()",
        'warnings.warn("old")',
    ),
    "a program of the project": (
        "import subprocess, sys",
        "subprocess.run([sys.executable, 'data/program.py'], capture_output=True, text=True).stdout",
        "a program's part\n",
    ),
}


@pytest.mark.parametrize("what", WORKS)
def test_a_task_finds_what_it_finds_at_home(master: Master, home: Path, what: str) -> None:
    imports, expression, expected = WORKS[what]
    source = f"{HEADER}{imports}\nclass C:\n    pass\ndef g(x):\n    return x + 1\ndef f(x):\n    return {expression}\n"
    assert run(master, home / "model.py", source) == expected


def test_a_file_of_a_package_imports_relatively_and_from_its_root(master: Master, home: Path) -> None:
    source = (
        "from . import sibling\nfrom .sibling import VALUE\nimport helper, sibling as plain\n"
        "def f(x):\n    import pack.main\n    return VALUE, helper.VALUE, plain.VALUE, pack.main.f is f\n"
    )
    assert run(master, home / "pack/main.py", source) == ("sibling", "first", "sibling", True)


def test_processes_that_a_task_starts_find_its_functions(master: Master, home: Path) -> None:
    source = (
        "import multiprocessing, helper\nclass C:\n    pass\ndef g(x):\n    return helper.VALUE, C()\n"
        "def f(x):\n    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        ((value, made),) = pool.map(g, [x])\n    return value, isinstance(made, C)\n"
    )
    assert run(master, home / "model.py", source) == ("first", True)


@pytest.mark.parametrize("edited", ["helper.py", "pack/sibling.py", "data/a.csv", "pack/__init__.py", "low.py"])
def test_an_edited_file_counts_with_the_next_job(master: Master, home: Path, edited: str) -> None:
    source = (
        f"{HEADER}import helper, mid, pack\nfrom pack import sibling\nfrom pathlib import Path\n"
        "def f(x):\n    return helper.VALUE, sibling.VALUE, Path('data/a.csv').read_text(), pack.VALUE, mid.low.VALUE\n"
    )
    for name in ("pack/__init__.py", "low.py"):
        (home / name).write_text("VALUE = 'before'\n")
    (home / "mid.py").write_text("import low\n")
    before = run(master, home / "model.py", source)
    (home / edited).write_text("VALUE = 'second'\n")
    after = run(master, home / "model.py", source)
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1
    (home / edited).unlink()
    assert "second" in repr(after)


def test_jobs_of_one_content_share_a_process_and_an_old_one_runs_again_as_it_was(master: Master, home: Path) -> None:
    (home / "model.py").write_text("import helper, os\ndef f(x):\n    return helper.VALUE, os.getpid()\n")
    with cluster(1) as alone:
        first = alone.submit(home / "model.py", "f", [1])
        first.wait()
        assert first.results() == alone.submit(home / "model.py", "f", [1]).results()
        (home / "helper.py").write_text("VALUE = 'second'\n")
        assert alone.run_again(first.id).results()[0][0] == "first"
        assert alone.submit(home / "model.py", "f", [1]).results()[0][0] == "second"


def test_what_a_job_writes_is_there_for_its_next_task_and_for_no_other_job(home: Path) -> None:
    source = (
        "import os\ndef f(x):\n    open(f'{x}', 'w').close()\n    return sorted(set(os.listdir()) & {'1', '2', '3'})\n"
    )
    (home / "model.py").write_text(source)
    with cluster(1) as master:
        first, second = (master.submit(home / "model.py", "f", some) for some in ([1, 2], [3]))
        assert first.results() == [["1"], ["1", "2"]]
        assert second.results() == [["3"]]
        assert master.submit(home / "model.py", "f", [2]).results() == [["2"]]


def test_what_a_task_writes_stays_its_own(master: Master, home: Path) -> None:
    source = f"{HEADER}def f(x):\n    open('data/a.csv', 'w').write('spoilt')\n    return open('data/a.csv').read()\n"
    assert run(master, home / "model.py", source) == "spoilt"
    source = f"{HEADER}def f(x):\n    return open('data/a.csv').read()\n"
    assert run(master, home / "model.py", source) == "1,2\n"
    assert (home / "data/a.csv").read_text() == "1,2\n"


def test_files_are_named_by_submit_too(master: Master, home: Path) -> None:
    source = "def f(x):\n    return open('data/a.csv').read()\n"
    assert run(master, home / "model.py", source, files=["data"]) == "1,2\n"


def test_files_that_were_named_travel_with_the_code_as_it_is_now_too(master: Master, home: Path) -> None:
    (home / "model.py").write_text("def f(x): return 1 / 0\n")
    job = master.submit(home / "model.py", "f", [1], files=["data"])
    job.wait(60)
    (home / "model.py").write_text("def f(x): return open('data/a.csv').read()\n")
    job.retry_failed(home / "model.py")
    assert job.results() == ["1,2\n"]


def test_what_is_missing_is_said_before_anything_starts(master: Master, home: Path) -> None:
    (home / "model.py").write_text("def f(x): return x\n")
    before = len(master.jobs())
    with pytest.raises(BadInput, match="'data/none.csv' names no file that there is in"):
        master.submit(home / "model.py", "f", [1], files=["data/none.csv"])
    with pytest.raises(BadInput, match="give its Path"):
        master.submit("def f(x): return x", "f", [1], files=["data"])
    assert len(master.jobs()) == before


def test_who_only_works_or_watches_brings_no_content(master: Master) -> None:
    for link, ident in ((master.worker_link, "node"), (master.watch_link, "cluster")):
        remote = RpcClient(JoinLink.parse(link), ident)
        with pytest.raises(Exception, match=r"put_content|put content"):
            remote.call("put_content", "0" * 64, 1, 0, b"x")
        remote.close()


SCRIPT = """
import os, sys
from pathlib import Path
from mcgui_core import Cluster
import helper
from pack.sibling import VALUE, twice

HOME = sys.argv[1]

def own(x):
    return helper.VALUE, twice(x)

def reads(x):
    return Path("data/a.csv").read_text(), os.getcwd() != HOME

with Cluster.connect(os.environ["LINK"]) as cluster:
    print(cluster.submit(own, [1]).results(), cluster.submit(twice, [2]).results())
    print(cluster.submit(lambda x: helper.later(x), [3]).results(), cluster.submit(reads, [4], files=["data/*.csv"]).results())
"""


def script(home: Path, source: str, link: str, cwd: Path) -> str:
    (home / "script.py").write_text(source)
    variables = {**os.environ, "LINK": link, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(home / "script.py"), str(home)],
        env=variables, cwd=cwd, text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_functions_of_a_script_take_the_modules_of_its_folder_along(
    master: Master, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (home / "pack/sibling.py").write_text("from .more import TWO\nVALUE = 1\ndef twice(x):\n    return TWO * x\n")
    (home / "pack/more.py").write_text("TWO = 2\n")
    (home / "helper.py").write_text("VALUE = 'first'\ndef later(x):\n    import late\n    return late.LATE + x\n")
    (home / "late.py").write_text("LATE = 40\n")
    out = script(home, SCRIPT, master.console_link, tmp_path_factory.mktemp("elsewhere"))
    assert out.splitlines() == ["[('first', 2)] [4]", "[43] [('1,2\\n', True)]"]


ARCHIVED = """
import os, sys
sys.path.insert(0, sys.argv[1] + "/library.zip")
from mcgui_core import Cluster, ClusterExecutor
import single
from packed.inner import twice

def own(x):
    return single.VALUE, twice(x)

with Cluster.connect(os.environ["LINK"]) as cluster:
    print(cluster.submit(own, [1]).results(), cluster.submit(twice, [2]).results())
    with ClusterExecutor(cluster=cluster) as executor:
        print(executor.submit(twice, 3).result(), list(executor.map(single.later, [4])))
"""


def test_modules_of_an_archive_travel_as_those_of_a_folder(
    master: Master, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with zipfile.ZipFile(home / "library.zip", "w") as archive:
        archive.writestr("single.py", "VALUE = 'first'\ndef later(x):\n    import late\n    return late.LATE + x\n")
        archive.writestr("late.py", "LATE = 40\n")
        archive.writestr("packed/__init__.py", "")
        archive.writestr("packed/inner.py", "from .more import TWO\ndef twice(x):\n    return TWO * x\n")
        archive.writestr("packed/more.py", "TWO = 2\n")
    out = script(home, ARCHIVED, master.console_link, tmp_path_factory.mktemp("elsewhere"))
    assert out.splitlines() == ["[('first', 2)] [4]", "6 [44]"]


@pytest.mark.parametrize("name", ["random", "platform", "queue", "pickle"])
def test_a_file_named_like_a_module_of_the_standard_library_harms_nothing(
    master: Master, home: Path, name: str
) -> None:
    (home / f"{name}.py").write_text("raise SystemExit('this is not the one')\n")
    source = f"import {name}, helper\ndef f(x):\n    return helper.VALUE, '{home}' in {name}.__file__\n"
    (home / "model.py").write_text(source)
    with Workbench(master.console_link) as bench:
        spec = JobDocument(str(home / "model.py"), "f", ArgumentSource("expression", "[helper.VALUE]")).spec()
        job = master.job(bench.submit(spec, ArgumentSource("expression", "[helper.VALUE]"), (f"{name}.py",)))
        assert job.results() == [("first", False)]


def test_a_file_named_like_a_package_that_we_need_harms_nothing_either(master: Master, home: Path) -> None:
    """It is given to who imports it as any other; what is installed is what pickles a function."""
    for name in ("cloudpickle", "msgspec", "psutil", "packaging", "mcgui_core"):
        (home / f"{name}.py").write_text("raise SystemExit('this is not the one')\n")
    (home / "model.py").write_text("def f(x):\n    return lambda: x + 1\n")
    (made,) = master.submit(home / "model.py", "f", [1], files=["*.py"], requirements=["pytest"]).results()
    assert made() == 2


_OWN = """
import os
from mcgui_core import Cluster
{imports}
def own(x):
    return helper.VALUE
with Cluster.connect(os.environ["LINK"]) as cluster:
    print(cluster.submit(own, [1]).results())
"""


@pytest.mark.parametrize("way", ["as a module of a package", "from standard input", "by a link to it"])
def test_a_script_takes_its_modules_along_however_it_is_started(
    master: Master, home: Path, way: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (home / "pack/main.py").write_text(_OWN.format(imports="from . import sibling as helper"))
    (home / "s.py").write_text(source := _OWN.format(imports="import helper"))
    away = tmp_path_factory.mktemp("away")
    (away / "linked.py").symlink_to(home / "s.py")
    command, cwd, expected = {
        "as a module of a package": (["-m", "pack.main"], home, "['sibling']"),
        "from standard input": (["-"], home, "['first']"),
        "by a link to it": (["linked.py"], away, "['first']"),
    }[way]
    variables = {**os.environ, "LINK": master.console_link, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command], input=source, env=variables, cwd=cwd, text=True, capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (expected, "")


@pytest.mark.parametrize("edited", ["RATE = 22", None])
def test_a_module_of_the_workers_own_folder_that_was_edited_is_imported_anew(
    tmp_path: Path, edited: str | None
) -> None:
    (tmp_path / "rates.py").write_text("RATE = 1\n")
    source = f"import sys\nsys.path.append({str(tmp_path)!r})\nimport rates\ndef f(x):\n    return rates.RATE\n"
    with cluster(1) as master:
        assert master.submit(source, "f", [1]).results() == [1]
        if edited is None:
            (tmp_path / "rates.py").unlink()
            assert master.submit(source, "f", [1]).wait(20).state == "stopped"
        else:
            (tmp_path / "rates.py").write_text(edited)
            os.utime(tmp_path / "rates.py", (time.time() + 5,) * 2)  # what Python keeps compiled counts whole seconds
            assert master.submit(source, "f", [1]).results() == [22]


def test_the_terminal_names_further_files(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (home / "model.py").write_text("import helper\ndef f(x):\n    return helper.VALUE + open('data/a.csv').read()\n")
    out = tmp_path_factory.mktemp("elsewhere") / "out.jsonl"
    options = ["--environment", str(home / "model.py"), "--function", "f", "--expression", "[1]", "--nprocs", "1"]
    command = [sys.executable, "-m", "mcgui_core.cli.main", "run", *options, "--files", "data/*", "--output", str(out)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=variables, cwd=out.parent, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "first1,2" in out.read_text()


# --- files that do not travel ---------------------------------------------------------------------------------------


@pytest.fixture
def source_layout(home: Path) -> Path:
    """A project whose package lies in `src`, and finds its settings beside itself."""
    package = home / "src/town"
    (package / "model").mkdir(parents=True)
    (package / "settings.toml").write_text("growth = 2\n")
    (package / "__init__.py").write_text("from .config import GROWTH\n")
    (package / "config.py").write_text(
        "import pathlib, tomllib\n"
        "GROWTH = tomllib.loads((pathlib.Path(__file__).parent / 'settings.toml').read_text())['growth']\n"
    )
    (package / "model/__init__.py").write_text("")
    (package / "model/growing.py").write_text("from .. import GROWTH\ndef grown(x): return x * GROWTH\n")
    return home


@pytest.mark.parametrize(
    "before",
    ["", "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent / 'src'))\n"],
    ids=["as though installed", "by its path"],
)
def test_a_package_in_the_folder_src_travels_with_a_file_beside_it(
    master: Master, source_layout: Path, before: str
) -> None:
    source = f"{before}import town.model.growing\ndef f(x): return town.model.growing.grown(x), town.__file__\n"
    result, _ = run(master, source_layout / "model.py", source, files=["src/town/*.toml"])
    assert result == 2
    (source_layout / "model.py").write_text(source)
    job = master.submit(source_layout / "model.py", "f", [1])
    job.wait(60)
    assert "submit(files=['src/town/settings.toml'])" in job.status.reason


def test_a_folder_src_that_is_a_package_is_imported_as_one(master: Master, source_layout: Path) -> None:
    (source_layout / "src/__init__.py").write_text("")
    (source_layout / "src/helper.py").write_text("VALUE = 'in src'\n")
    source = "import helper, src.helper\ndef f(x): return helper.VALUE, src.helper.VALUE\n"
    assert run(master, source_layout / "model.py", source) == ("first", "in src")


@pytest.mark.parametrize("where", [".", "elsewhere"])
def test_what_lies_beside_an_environment_goes_before_what_lies_in_src_here_and_on_a_worker(
    master: Master, source_layout: Path, where: str
) -> None:
    """A script beside it has that folder among those that it imports from, one elsewhere has not."""
    (source_layout / "src/helper.py").write_text("VALUE = 'in src'\n")
    (source_layout / "model.py").write_text("import helper\nfrom town import GROWTH\ndef f(x): return helper.VALUE\n")
    (source_layout / where).mkdir(exist_ok=True)
    script = source_layout / where / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom mcgui_core import Cluster\n"
        "from mcgui_core.environment.environment_loader import load_in_place\n"
        "link, model = sys.argv[1:]\n"
        "with Cluster.connect(link) as cluster:\n"
        "    there = cluster.submit(Path(model), 'f', [1], files=['src/town/*.toml']).results()\n"
        "print(load_in_place(Path(model).read_text(), model).f(1), *there, sep=', ')\n"
    )
    command = [sys.executable, script, master.console_link, source_layout / "model.py"]
    assert subprocess.check_output(command, text=True, cwd=source_layout, timeout=60) == "first, first\n"


@pytest.mark.parametrize("named", ["town/settings.toml", "src/town/settings.toml"])
def test_a_file_beside_the_modules_of_a_callable_lies_beside_them_on_a_worker(
    master: Master, source_layout: Path, named: str
) -> None:
    script = source_layout / "script.py"
    script.write_text(
        "import sys\nsys.path.insert(0, 'src')\n"
        "from mcgui_core import Cluster\nfrom town.model.growing import grown\n"
        "with Cluster.connect(sys.argv[1]) as cluster:\n"
        "    job = cluster.submit(grown, [1, 2], files=sys.argv[2:])\n"
        "    job.wait(60)\n"
        "    print(job.status.reason or job.results())\n"
    )

    def told(*files: str) -> str:
        command = [sys.executable, script, master.console_link, *files]
        return subprocess.check_output(command, text=True, cwd=source_layout, timeout=60)

    assert "submit(files=['town/settings.toml'])" in told()
    assert told(named) == "[2, 4]\n"


@pytest.mark.parametrize(
    ("reads", "named"),
    [
        ("open('data/a.csv')", "data/a.csv"),
        ("open('./data/a.csv')", "data/a.csv"),
        ("(Path(__file__).parent / 'data/a.csv').read_text()", "data/a.csv"),
        ("Path('more.txt').stat()", "more.txt"),
    ],
)
def test_a_file_that_did_not_travel_is_missed_with_what_to_do_about_it(
    master: Master, home: Path, reads: str, named: str
) -> None:
    (home / "main.py").write_text(f"import helper\nfrom pathlib import Path\ndef f(x): {reads}\n")
    (error,) = master.submit(home / "main.py", "f", [1]).results(return_exceptions=True)
    assert (
        "it travels along where it is named: in the console, Travels with this job, Add; or "
        f"files = ['{named}'] in the environment's [tool.mcgui] table, --files, or submit(files=['{named}'])"
    ) in str(error)


def test_a_module_that_misses_its_file_as_it_is_imported_says_so_too(master: Master, home: Path) -> None:
    (home / "table.py").write_text(
        "from pathlib import Path\nROWS = (Path(__file__).parent / 'data/a.csv').read_text()\n"
    )
    (home / "main.py").write_text("import table\ndef f(x): return x\n")
    job = master.submit(home / "main.py", "f", [1])
    job.wait(60)
    assert (job.status.state, job.status.reason_code) == ("stopped", "does not load")
    assert "submit(files=['data/a.csv'])" in job.status.reason


@pytest.mark.parametrize(
    "reads", ["open('/no/such/file')", "open('../secret')", "Path('..').joinpath('x').stat()", "exec('1/0')"]
)
def test_what_could_not_have_travelled_is_missed_without_that_advice(master: Master, home: Path, reads: str) -> None:
    (home / "main.py").write_text(f"from pathlib import Path\ndef f(x): {reads}\n")
    (error,) = master.submit(home / "main.py", "f", [1]).results(return_exceptions=True)
    assert "files" not in str(error).partition("Traceback")[0]
