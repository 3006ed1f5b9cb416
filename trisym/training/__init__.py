"""Training: the loop, sweeps of many models at once, optimisers, and the frames of a film."""
