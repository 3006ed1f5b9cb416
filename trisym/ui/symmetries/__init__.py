"""The page of symmetry spectra: its live view, what it is shown of each network, its tables."""
