"""Factors of large numbers, by trial division: the second example of minimalcluster.

Run `factorize` on `make_nums(5000)`: 5,001 tasks of very different lengths.
"""


def factorize(n):
    """The prime factors of a whole number, ascending."""
    if n < 2:
        return []
    factors = []
    p = 2
    while True:
        if n == 1:
            return factors
        if n % p == 0:
            factors.append(p)
            n //= p
        elif p * p >= n:
            factors.append(n)
            return factors
        else:
            p += 2 if p > 2 else 1


def make_nums(count):
    """Odd numbers from 999,999,999,999 on: `count` of them after the first."""
    return [999_999_999_999 + 2 * i for i in range(count + 1)]
