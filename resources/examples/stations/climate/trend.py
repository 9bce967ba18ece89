"""How temperatures changed, and when it was warmest."""

import numpy as np

from .units import HOURS_A_WEEK, HOURS_A_YEAR


def slope(hours):
    """Degrees a year, by least squares."""
    when = np.arange(len(hours)) / HOURS_A_YEAR
    return float(np.polyfit(when, hours, 1)[0])


def warmest_week(hours):
    """The week of the highest mean, by the hour it begins with."""
    means = np.convolve(hours, np.ones(HOURS_A_WEEK) / HOURS_A_WEEK, "valid")
    first = int(np.argmax(means))
    return {"first_hour": first, "mean": round(float(means[first]), 2)}
