"""Helpers of the page claims.py alone."""
