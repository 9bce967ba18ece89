"""Every block of code and every command of the guide runs, in the order of its page, in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "resources" / "guide"
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
#: What a page may take for granted: files beside it.
_FILES = {
    "square.py": "def square(x):\n    return x * x\n",
    "notes.py": "def note(x):\n    return f'{x}.txt', f'This is note {x}.'\n",
}


@dataclass(frozen=True)
class Block:
    """A block of a page: `language` is "python" or "sh"."""

    page: str
    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for indent, language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines(keepends=True)]
        yield Block(page.name, language, "".join(lines))


PAGES = sorted(page for page in GUIDE.glob("*.md") if any(blocks(page)))


def run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=100)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, output


@pytest.mark.timeout(150)
@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a shell of Linux and macOS")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_stands_on_a_page_runs(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (tmp_path / "guide_files").mkdir()
    for name, source in _FILES.items():
        (tmp_path / "guide_files" / name).write_text(source)
    env = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        **{name: value for name, value in os.environ.items() if name in ("PYTHONPATH", "TMPDIR", "LANG")},
    }
    for number, block in enumerate(blocks(page)):
        if block.language == "python":
            named = re.match(r"# (\w+\.py)\n", block.text)
            script = folder / (named[1] if named else f"block{number}.py")
            script.write_text(block.text, encoding="utf-8")
            run([sys.executable, script.name], folder, env)
        else:
            assert block.language == "sh", f"A block of {page.name} is neither python nor sh, and does not run."
            text = block.text.replace("--port 8888", "--port 0")
            # What was begun beside the others ends with the block.
            run(["bash", "-euc", f"trap 'kill $(jobs -p) 2>/dev/null || true; wait || true' EXIT\n{text}"], folder, env)


def test_the_pages_are_listed_for_whoever_reads_them_in_the_repository() -> None:
    listed = re.findall(r"\((\S+\.md)\)", (GUIDE / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in GUIDE.glob("*.md") if page.name != "README.md")
