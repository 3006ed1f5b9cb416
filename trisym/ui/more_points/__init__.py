"""The page of more points: a shape of three to six, its networks, and what was measured."""
