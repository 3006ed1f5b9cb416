"""The training page: the form, the film, the runs that are kept."""
