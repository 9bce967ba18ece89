"""What whoever reads an exported file has to know, since the file itself does not say it."""

from __future__ import annotations


class ExportNotes:
    """Sentences, each once, with the columns that it is about."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, None]] = {}

    def add(self, sentence: str, column: str = "") -> None:
        """`{}` in the sentence is where the columns are named, `{has}` what one of them has, or several have."""
        self._columns.setdefault(sentence, {})[column] = None

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            sentence.format(_named(list(columns)), has="has" if len(columns) == 1 else "have")
            for sentence, columns in self._columns.items()
        )


def _named(columns: list[str]) -> str:
    quoted = [f"'{column}'" for column in columns[:5]]
    more = f" and {len(columns) - 5:,} more" if len(columns) > 5 else ""
    return ", ".join(quoted) + more
