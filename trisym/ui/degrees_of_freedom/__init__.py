"""Helpers of the page degrees_of_freedom.py alone."""
