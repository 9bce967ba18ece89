"""Pi from throws at a square: pi / 4 of them
also hit the circle in it."""

from random import random


def throw(_):
    """One throw: did it hit the circle?"""
    x, y = random(), random()
    return int(x * x + y * y < 1)


def estimate(hits):
    """Pi from all throws."""
    return 4 * sum(hits) / len(hits)
