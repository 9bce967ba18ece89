"""The work that is measured: the seed's examples, as functions that a Pool can pickle and as source for our nodes."""

from __future__ import annotations

from random import random

PI_SOURCE = """
from random import random
throw = lambda x: 1 if (random() * 2 - 1)**2 + (random() * 2 - 1)**2 < 1 else 0
"""

FACTORIZE_SOURCE = """
def factorize(n):
    if n < 2:
        return []
    factors = []
    p = 2
    while True:
        if n == 1:
            return factors
        r = n % p
        if r == 0:
            factors.append(p)
            n = n / p
        elif p * p >= n:
            factors.append(n)
            return factors
        elif p > 2:
            p += 2
        else:
            p += 1
"""


def throw(x: object) -> int:
    """The lambda above: a lambda itself cannot be given to a Pool."""
    return 1 if (random() * 2 - 1) ** 2 + (random() * 2 - 1) ** 2 < 1 else 0


def factorize(n: float) -> list[float]:
    """The function above."""
    if n < 2:
        return []
    factors: list[float] = []
    p = 2
    while True:
        if n == 1:
            return factors
        r = n % p
        if r == 0:
            factors.append(p)
            n = n / p
        elif p * p >= n:
            factors.append(n)
            return factors
        elif p > 2:
            p += 2
        else:
            p += 1


def make_nums(count: int) -> list[int]:
    """The seed's large numbers."""
    return [999999999999 + 2 * i for i in range(count + 1)]
