"""What everything else stands on: ranges, rates, sizes, the clock. Imports nothing of ours but the errors."""
