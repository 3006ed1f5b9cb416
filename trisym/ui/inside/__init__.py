"""The page inside the encoder: unit spheres, sums of sides, and where invariance ends."""
