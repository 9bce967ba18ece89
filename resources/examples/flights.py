"""How far two airports are from each other, along the surface of the Earth.

Each line of flights.jsonl is one flight. It says "from" and "to"; but "from" is a word of Python's own, which no
parameter can be called. So the job says as what its columns are passed: "from" as `start`, and "to" as `end`.
"""

from math import asin, cos, radians, sin, sqrt

EARTH = 6371.0  # kilometres from its middle to its surface


def distance(start, end, flight):
    """The distance in kilometres between two places, each given as its latitude and longitude in degrees."""
    (north, east), (north_too, east_too) = (map(radians, place) for place in (start, end))
    half = sin((north_too - north) / 2) ** 2 + cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return {"flight": flight, "km": round(2 * EARTH * asin(sqrt(half)))}


def longest(results):
    """The longest of all flights."""
    return max(results, key=lambda result: result["km"])
