"""The pages of the guide, as files that come with the program; and what has changed from version to version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from importlib.resources import files
from pathlib import Path
from typing import Final

#: In their order; the first is what opens where nothing else is asked for.
_NAMES: Final = (
    "first-steps",
    "environment",
    "arguments",
    "workers",
    "results",
    "jobs",
    "coming-from",
    "administrators",
    "troubleshooting",
)
_CHANGES: Final = "# Changes\n"
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_PHRASE: Final = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page: what it is called, its text as Markdown, and the file that links and pictures start from."""

    name: str
    title: str
    text: str
    path: Path


def guide_pages() -> tuple[GuidePage, ...]:
    """The guide."""
    folder = Path(str(files("mcgui_resources") / "guide"))
    return tuple(_page(folder / f"{name}.md") for name in _NAMES)


def heading_about(message: str, text: str) -> str:
    """The heading of a page, with its words in quotation marks, that says most of what the message says; "" for none.

    "The master ... is away" is about what has both parts, in this order.
    """
    found = {
        heading: max((_told(phrase, message) for phrase in _PHRASE.findall(heading)), default=0)
        for heading in _HEADING.findall(text)
    }
    best = max(found, key=lambda heading: found[heading], default="")
    return best if found.get(best) else ""


def _told(phrase: str, message: str) -> int:
    """Letters of the phrase, where the message has it."""
    parts = [" ".join(part.split()) for part in phrase.split("...")]
    wanted = ".*".join(map(re.escape, parts))
    return sum(map(len, parts)) if re.search(wanted, " ".join(message.split()), re.IGNORECASE) else 0


def changes() -> str:
    """What users notice from version to version, as Markdown; "" where nobody knows."""
    beside = Path(str(files("mcgui_resources"))).resolve().parent / "CHANGELOG.md"  # where it runs from its source
    if beside.is_file():
        return beside.read_text(encoding="utf-8")
    try:
        described = str(metadata("mcgui").json.get("description", ""))  # README and changes, one after the other
    except PackageNotFoundError:
        return ""
    _, found, text = described.partition(_CHANGES)
    return found + text


def _page(path: Path) -> GuidePage:
    text = path.read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    return GuidePage(path.stem, title, text, path)
