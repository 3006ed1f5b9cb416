"""Browser tests of the live stage."""
