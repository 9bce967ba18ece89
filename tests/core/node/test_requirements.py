"""What a job requires: looked for on each worker, installed where the owner allows it, and said where it is lacking."""

from __future__ import annotations

import platform
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.environment.requirements import checked_requirements, lacking_packages, lacking_python
from mcgui_core.errors import BadInput, InstallationFailed
from mcgui_core.node.agent import Agent
from mcgui_core.node.installed_packages import InstalledPackages
from mcgui_core.protocol.join_link import JoinLink
from tests.support import joined
from tests.waiting import until

HEADER = "# /// script\n# dependencies = [{}]\n# ///\n"


def wheel(folder: Path, name: str, version: str, source: str, *requires: str) -> None:
    """A package as pip takes it."""
    info = f"{name}-{version}.dist-info"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {r}" for r in requires),
    ]
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            file.writestr(path, text)


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages from which pip installs here, by its own configuration."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(
        folder,
        "mcgui_probe",
        "1.5",
        "import mcgui_probe_part\nVALUE = 10 * mcgui_probe_part.PART\n",
        "mcgui_probe_part",
    )
    wheel(folder, "mcgui_probe_part", "2.0", "PART = 4\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@contextmanager
def agent(master: Master, name: str, allowed: bool) -> Iterator[Agent]:
    made = Agent(JoinLink.parse(master.worker_link), 1, name)
    made.allow_installation(allowed)
    made.start()
    try:
        yield made
    finally:
        made.leave()


def test_what_is_there_is_enough_and_what_is_not_is_named_with_what_is_there_instead() -> None:
    assert lacking_packages(["pytest", "psutil>=1", "pytest<999,>=2", "no-such-package; python_version < '3'"]) == ()
    (version,) = lacking_packages(["pytest>=999"])
    assert version.startswith("pytest>=999 (it has ")
    assert lacking_packages(["no-such-package>=2"]) == ("no-such-package>=2 (not installed)",)
    assert lacking_python(f">={platform.python_version()}") == lacking_python("") == ()
    assert lacking_python(">=4") == (f"Python >=4 (it is {platform.python_version()})",)


@pytest.mark.parametrize("wrong", ["numpy=2", "", "two words", 5])
def test_what_is_no_requirement_is_refused_before_anything_starts(wrong: object) -> None:
    with pytest.raises(BadInput, match="requirement"):
        checked_requirements([wrong])  # type: ignore[list-item]
    with Master() as master, pytest.raises(BadInput, match="requirement"):
        master.submit("def f(x): return x", "f", [1], requirements=[wrong])  # type: ignore[list-item]


def test_a_header_that_names_no_versions_of_python_is_refused() -> None:
    with Master() as master, pytest.raises(BadInput, match="requires-python"):
        master.submit('# /// script\n# requires-python = "new"\n# ///\ndef f(x): return x', "f", [1])


@pytest.mark.parametrize(
    "header", [HEADER.format('"mcgui_probe>=1"'), '# /// script\n# requires-python = ">=4"\n# ///\n']
)
def test_a_job_that_no_worker_can_run_says_what_they_lack(header: str) -> None:
    with Master() as master, agent(master, "poor", allowed=False):
        until(lambda: joined(master, 1))
        status = master.submit(f"{header}def f(x): return x", "f", range(3)).wait(30)
        assert status.state == "stopped"
        assert "No worker has what it requires. It lacks: " in status.reason
        assert "mcgui_probe>=1 (not installed)" in status.reason or "Python >=4 (it is 3" in status.reason


def test_a_worker_that_lacks_a_package_says_so_and_one_that_may_install_it_does_the_work(wheels: Path) -> None:
    source = HEADER.format('"mcgui_probe>=1"') + "import mcgui_probe\ndef f(x): return mcgui_probe.VALUE + x"
    with Master() as master, agent(master, "poor", allowed=False), agent(master, "rich", allowed=True):
        until(lambda: joined(master, 2))
        job = master.submit(source, "f", iter(range(20)))
        said = lambda: {node.name: node.reason for node in master.nodes()}["poor"]  # noqa: E731
        until(lambda: "It lacks: mcgui_probe>=1 (not installed)" in said() or job.status.final)
        assert job.results() == [40 + x for x in range(20)]
        assert {outcome.node for outcome in job.outcomes_between(0, 20)} == {"rich"}
        printed = "".join(piece.text for piece in job.output())
        assert "installing mcgui_probe>=1" in printed
        assert "Successfully installed" in printed
        again = master.submit(source.replace("+ x", "- x"), "f", range(20))
        assert again.results() == [40 - x for x in range(20)]
        assert again.output() == ()  # it is there
        other = master.submit("import mcgui_probe\ndef f(x): return x", "f", [1]).wait(30)
        assert "No module named 'mcgui_probe'" in other.reason  # nobody else has it


def test_an_installation_that_fails_is_told_whole(wheels: Path) -> None:
    lines: list[str] = []
    packages = InstalledPackages(wheels / "kept")
    with pytest.raises(InstallationFailed, match="mcgui_probe>=9 could not be installed") as caught:
        packages.place_of(("mcgui_probe>=9",), lines.append)
    assert "No matching distribution" in caught.value.printed
    assert "No matching distribution" in str(caught.value)
    assert caught.value.printed.splitlines() == lines[1:]
    assert (packages.place_of(("mcgui_probe",), lines.append) / "mcgui_probe_part.py").exists()
    assert [path.name for path in (wheels / "kept").iterdir() if path.name.startswith("arriving")] == []


def test_two_versions_of_one_package_are_used_beside_each_other(wheels: Path) -> None:
    wheel(wheels, "mcgui_probe", "2.5", "VALUE = 'two'\n")
    with Master() as master, agent(master, "rich", allowed=True):
        jobs = [
            master.submit(
                "def f(x):\n    import mcgui_probe\n    return mcgui_probe.VALUE", "f", [1], requirements=[wanted]
            )
            for wanted in ("mcgui_probe<2", "mcgui_probe>=2")
        ]
        assert [job.results() for job in jobs] == [[40], ["two"]]


def test_what_a_program_said_that_a_job_requires_goes_with_its_code_as_it_is_now() -> None:
    """What stands in the header is that of the new code; `pytest` and `psutil` are there, and so nothing waits."""
    with Master() as master, agent(master, "rich", allowed=False):
        job = master.submit(HEADER.format('"numpy"') + "def f(x): return 1 / 0", "f", [1], requirements=["pytest"])
        job.wait(30)
        job.retry_failed(HEADER.format('"psutil"') + "def f(x): return 1 / 0")
        assert set(master.job(job.id).spec.requirements) == {"psutil", "pytest"}
        job.wait(30)
        again = master.submit_from(job, "failed", abs)
        assert again.results() == [1]
        assert again.spec.requirements == ("pytest",)
