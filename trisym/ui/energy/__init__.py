"""The energy page: a molecule in the hand, its predictors and their tables."""
