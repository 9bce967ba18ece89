"""The figures as people read them: printed, as the table of the README, and as the plot of ARCHITECTURE.md."""

from __future__ import annotations

import math
from pathlib import Path

from tests.benchmarks.values import Row

#: Between these two lines of the README stands the table.
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"

_COLOURS = {
    "mcgui": "#2c6fbb",
    "Pool": "#7f8c8d",
    "Executor": "#c0392b",
    "loky": "#27ae60",
    "joblib": "#8e44ad",
    "Ray": "#e67e22",
    "Dask": "#16a085",
}


def as_text(rows: list[Row]) -> str:
    """For a terminal."""
    names = list(rows[0].others)
    lines = [f"{'':<28}{'mcgui':>8}" + "".join(f"{name:>10}" for name in names) + "   ratios"]
    for row in rows:
        ratios = " ".join(f"{row.ours / row.others[name]:.2f}" if name in row.others else "-" for name in names)
        times = "".join(f"{row.others[name]:>10.3f}" if name in row.others else f"{'-':>10}" for name in names)
        lines.append(f"{row.what:<28}{row.ours:>8.3f}{times}   {ratios}")
    lines.append(f"\n{'processor (s), memory (MB)':<28}" + "".join(f"{name:>16}" for name in rows[0].processor))
    for row in rows:
        cells = (f"{row.processor[name]:.2f} {row.memory[name] / 1e6:.0f}" for name in row.processor)
        lines.append(f"{row.what:<28}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def as_table(rows: list[Row]) -> str:
    """For the README."""
    names = list(rows[0].others)
    lines = [f"| seconds | mcgui | {' | '.join(names)} |", "| --- |" + " --- |" * (1 + len(names))]
    for row in rows:
        times = [f"{row.ours:.3f}", *(f"{row.others[name]:.3f}" if name in row.others else "" for name in names)]
        lines.append(f"| {row.what} | {' | '.join(times)} |")
    return "\n".join(lines)


def write(rows: list[Row], readme: Path, picture: Path) -> None:
    """Put table and plot where people look for them."""
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n{as_table(rows)}\n{END}{after}", encoding="utf-8")
    picture.write_text(as_plot(rows), encoding="utf-8")


def as_plot(rows: list[Row]) -> str:
    """Bars of seconds, on a logarithmic scale, as SVG."""
    names = ["mcgui", *rows[0].others]
    times = [{"mcgui": row.ours, **row.others} for row in rows]
    first = math.floor(math.log10(min(min(each.values()) for each in times)))
    last = math.ceil(math.log10(max(max(each.values()) for each in times)))
    left, width, bar = 190, 680, 13
    group = bar * len(names) + 14
    height = 40 + group * len(rows) + 30

    def x(seconds: float) -> float:
        return left + (width - left - 30) * (math.log10(seconds) - first) / max(1, last - first)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-size="12"',
        ' font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for power in range(first, last + 1):
        place = x(10.0**power)
        parts.append(f'<path d="M{place:.0f} 34V{height - 24}" stroke="#ddd"/>')
        parts.append(f'<text x="{place:.0f}" y="{height - 8}" text-anchor="middle">{10.0**power:g} s</text>')
    for number, name in enumerate(names):
        parts.append(f'<rect x="{10 + 95 * number}" y="10" width="11" height="11" fill="{_COLOURS[name]}"/>')
        parts.append(f'<text x="{10 + 95 * number + 16}" y="20">{name}</text>')
    for place, (row, seconds) in enumerate(zip(rows, times, strict=True)):
        top = 40 + group * place
        parts.append(f'<text x="{left - 8}" y="{top + group / 2:.0f}" text-anchor="end">{row.what}</text>')
        for name, each in seconds.items():
            number = names.index(name)
            parts.append(
                f'<rect x="{left}" y="{top + bar * number}" width="{max(1.0, x(each) - left):.1f}" '
                f'height="{bar - 3}" fill="{_COLOURS[name]}"/>'
            )
    return "\n".join([*parts, "</svg>", ""])
