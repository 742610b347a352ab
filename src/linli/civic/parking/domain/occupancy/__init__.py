"""Occupancy: how many bays are taken by the hour, and how many cars find none."""
