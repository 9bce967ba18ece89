# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=1.24"]
#
# [tool.mcgui]
# files = ["hourly.csv"]
# ///
"""Temperatures of 40 stations, by the hour: how each of them warmed. A project of several files.

What it imports from beside it and the data file travel to every computer that works; numpy has to be there.
"""

from climate import trend
from readings import of_station


def warming(station):
    """Degrees a year, and the warmest week (its first hour, its mean)."""
    hours = of_station(station)
    return {"station": station, "degrees_a_year": round(trend.slope(hours), 3), **trend.warmest_week(hours)}


def warmest(results):
    """The five stations that warmed most."""
    return sorted(results, key=lambda row: -row["degrees_a_year"])[:5]
