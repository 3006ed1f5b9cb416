"""The symmetry page: the live stage, the choice of networks, orbits and their tables."""
