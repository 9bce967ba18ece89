"""A pendulum that starts far out and is slowed by air: how long until it all but hangs still?

Each row of parameters.csv is one pendulum; its columns are the parameters of `swing`.
"""

from math import cos, pi, radians, sin


def swing(length, angle, damping, gravity=9.81, step=0.001):
    """Swing one pendulum: its first period and the time until it keeps within one degree, in seconds."""
    position, speed, time = radians(angle), 0.0, 0.0
    crossings = []
    energy_at_rest = gravity / length * (1 - cos(radians(1)))
    while speed * speed / 2 + gravity / length * (1 - cos(position)) > energy_at_rest:
        before = position
        # Speed first, then position with the new speed: keeps the energy right over thousands of steps.
        speed -= (gravity / length * sin(position) + damping * speed) * step
        position += speed * step
        time += step
        if before * position < 0:
            crossings.append(time)
        if time > 1000:
            raise ValueError(f"it still swings after {time:.0f} s: damping {damping} is too little")
    period = 2 * (crossings[1] - crossings[0]) if len(crossings) > 1 else None
    return {"period": period, "ideal": 2 * pi * (length / gravity) ** 0.5, "still_after": round(time, 3)}


def slowest(results):
    """The pendulum that swings longest."""
    return max(results, key=lambda result: result["still_after"])
