"""Several arguments for one task: the third example of minimalcluster.

Run `add` on a list of tuples. It unpacks its one argument itself; with the option to pass each argument as f(*a),
a function of two parameters would do as well.
"""


def add(pair):
    """The sum of two numbers, given as one tuple."""
    return pair[0] + pair[1]
