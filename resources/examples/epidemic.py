"""An epidemic in a town: how many are ill on the worst day, for every combination of what might be true.

The arguments are a sweep: three axes with a few values each, and every value is combined with every other.
"""

TOWN = 100_000


def spread(contagion, days_ill, vaccinated=0.0):
    """The worst day of an epidemic that begins with ten people, and how many have been ill at its end."""
    well, ill, was_ill = TOWN * (1 - vaccinated) - 10, 10.0, 0.0
    worst, worst_day, day = ill, 0, 0
    while ill >= 1:
        day += 1
        caught = min(well, contagion * ill * well / TOWN)
        recovered = ill / days_ill
        well, ill, was_ill = well - caught, ill + caught - recovered, was_ill + recovered
        if ill > worst:
            worst, worst_day = ill, day
    return {"ill_on_the_worst_day": round(worst), "worst_day": worst_day, "ill_in_the_end": round(was_ill + ill)}


def worst(results):
    """The combination that is the hardest on the hospitals."""
    return max(results, key=lambda result: result["ill_on_the_worst_day"])
