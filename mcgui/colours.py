"""The colours of the program, one set for a dark scheme and one for a light one.

Every text colour reaches a contrast of 4.5:1 on the surfaces that it is used on, every state and series colour 3:1
(tests/gui/test_theme.py computes it); states differ by shape and word too, never by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class Colours:
    """What is painted with what. A scheme's only difference to another one."""

    window: QColor  # behind everything
    panel: QColor  # a card
    field: QColor  # where something is typed or chosen
    border: QColor  # of cards and fields; also the track of a bar
    text: QColor
    muted: QColor  # text that explains, headings of columns, line numbers
    accent: QColor  # the one thing to press, focus, bars, links
    on_accent: QColor  # text on accent
    soft: QColor  # behind what is selected; `text` is readable on it
    good: QColor
    warn: QColor
    bad: QColor
    idle: QColor
    keyword: QColor
    string: QColor
    number: QColor
    comment: QColor
    name: QColor  # of a function or class where it is defined
    builtin: QColor
    current_line: QColor  # of the editor
    series: tuple[QColor, ...]  # of plots, in this order


def _colours(series: str, **named: str) -> Colours:
    return Colours(**{name: QColor(value) for name, value in named.items()}, series=tuple(map(QColor, series.split())))


DARK = _colours(
    window="#1e2127",
    panel="#252931",
    field="#1b1e24",
    border="#3a414d",
    text="#e3e6eb",
    muted="#9aa3b0",
    accent="#4c9aff",
    on_accent="#0c1522",
    soft="#2f4a6d",
    good="#3fb68b",
    warn="#e0a33e",
    bad="#f07178",
    idle="#9aa3b0",
    keyword="#c792ea",
    string="#8fbf7f",
    number="#e5a15b",
    comment="#8b95a5",
    name="#7cacf8",
    builtin="#62b8d8",
    current_line="#232830",
    series="#3fb68b #4c9aff #9a86f5 #e0a33e #e5769f #4fc3d9 #b3bd68 #d98a5c",
)

LIGHT = _colours(
    window="#f3f4f6",
    panel="#ffffff",
    field="#ffffff",
    border="#d3d8df",
    text="#1f2430",
    muted="#5d6675",
    accent="#1c68cc",
    on_accent="#ffffff",
    soft="#dbe9fb",
    good="#19794f",
    warn="#8a5a00",
    bad="#bf2f3d",
    idle="#5d6675",
    keyword="#8839a8",
    string="#377029",
    number="#a34a08",
    comment="#626b7a",
    name="#1c58b0",
    builtin="#14677f",
    current_line="#f5f7fa",
    series="#1f8a63 #1f6fd6 #7552e0 #a86a08 #c0457a #14839a #6f7a1e #b5562a",
)
