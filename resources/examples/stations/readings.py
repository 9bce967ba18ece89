"""The data file, read once a process."""

from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("hourly.csv")


@cache
def _table():
    return np.loadtxt(FILE, delimiter=",", dtype=float)


def of_station(station):
    """Its temperatures by the hour, in degrees."""
    return _table()[:, station] / 10
