"""The page on the latent space: the decoder by hand, and what its nodes mean."""
