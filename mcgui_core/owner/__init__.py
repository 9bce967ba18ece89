"""What a computer's owner allows: limits, schedule, idle time, battery, priority; and who enforces it."""
