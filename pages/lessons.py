"""Lessons: the list, with the time that each takes and the language of its texts."""

from trisym.ui.lessons import shelves

shelves.show()
