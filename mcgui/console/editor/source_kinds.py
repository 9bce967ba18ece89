"""What a lexer tells of a line of source."""

from __future__ import annotations

from typing import Literal

Kind = Literal["keyword", "string", "number", "comment", "name", "builtin"]
#: Start and length, in the UTF-16 units that Qt counts in, and what is there.
Span = tuple[int, int, Kind]
#: What a line starts inside of, as Pygments' stack of states.
State = tuple[str, ...]
