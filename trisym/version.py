"""The version of trisym, as cards and exported files name it."""

__version__ = "0.2.0"
