"""The page on variational autoencoders: two triangles, what lies between, and the table."""
