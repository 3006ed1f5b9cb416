"""Rooms: a class that follows a teacher and guesses together, in one SQLite file."""
