"""Measurements: how much a click costs, beside one that does nothing."""
