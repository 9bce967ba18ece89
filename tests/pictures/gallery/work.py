"""What the gallery's jobs run: results of many kinds, failures, pictures, large values, and what takes long."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

THROWS: Final = '''\
"""How far a throw goes."""
import datetime as dt
import math

G = 9.81


def distance(angle, speed):
    """Metres, without the air."""
    if angle == 30:
        raise ValueError(f"{angle} degrees is forbidden")
    turn = math.sin(math.radians(2 * angle))
    print(f"thrown at {angle} degrees")
    return {
        "metres": speed**2 * turn / G,
        "height": (speed * math.sin(math.radians(angle))) ** 2 / (2 * G),
        "on": dt.date(2026, 1, 1) + dt.timedelta(days=int(speed)),
        "kind": "high" if angle > 45 else "low",
    }


def farthest(results):
    """The largest distance."""
    return max(one["metres"] for one in results)
'''
SLOW: Final = '''\
import time


def wait(seconds: float, step: int = 1):
    """Sleeps, and says so."""
    print("begun", step)
    time.sleep(seconds)
    return seconds * step
'''
VALUES: Final = '''\
import numpy as np


def value(n):
    """Values that are pictures, long, wide, strange, or none at all."""
    y, x = np.mgrid[0:160, 0:240]
    if n == 0:
        return np.sin(x / (8 + n)) * np.cos(y / 9)
    if n == 1:
        return (np.dstack([x, y, x + y]) % 256).astype(np.uint8)
    if n == 2:
        return {f"key {k}": "a long text without an end, " * 40 for k in range(60)}
    if n == 3:
        return "x" * 200_000
    if n == 4:
        return [float("nan"), float("inf"), 1e308, -1e-300]
    return None


def picture(results):
    """All of them as one."""
    import numpy as np

    y, x = np.mgrid[0:300, 0:400]
    return ((x * y) % 251).astype(np.uint8)
'''
NUMBERS: Final = '''\
import math


def wave(n):
    """Some columns to plot."""
    return {"x": n / 40, "sine": math.sin(n / 40), "power": 10 ** (n / 60), "row": n // 20, "column": n % 20}


def flat(n):
    """A number that is none."""
    return {"same": 1.0, "none": float("nan"), "huge": 1e308 * (n % 3), "tiny": n * 1e-300, "negative": -n}
'''


def throws(folder: Path, more: bool = False) -> Path:
    """A table as a spreadsheet of a European writes it; with `more`, a column that the function does not take."""
    title, value = (";Für wen", ";Jürgen") if more else ("", "")
    rows = (f"{10 + number % 50};{5 + number / 4:.2f}".replace(".", ",") for number in range(200))
    path = folder / f"throws{'-of-whom' * more}.csv"
    path.write_text(f"Angle;Speed{title}\n" + "\n".join(f"{row}{value}" for row in rows) + "\n", encoding="cp1252")
    return path


def flights(folder: Path) -> Path:
    """A folder of files."""
    made = folder / "flights"
    made.mkdir(exist_ok=True)
    for number in range(40):
        (made / f"flight-{number:03}.txt").write_text(str(math.sqrt(number)))
    return made
