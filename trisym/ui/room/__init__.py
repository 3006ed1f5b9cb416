"""A class in a room: followers go where the teacher goes, guess, and see everybody's guesses."""
