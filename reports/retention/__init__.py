"""Periods after which details go by themselves; boxes, tallies, totals and filed figures stay."""
