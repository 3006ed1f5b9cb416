"""The commands of `python -m trisym`, one file a noun; trisym/__main__.py puts them together."""
