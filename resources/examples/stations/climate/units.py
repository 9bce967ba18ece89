"""Lengths of time, in hours."""

HOURS_A_WEEK = 7 * 24
HOURS_A_YEAR = 8766
