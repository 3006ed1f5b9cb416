"""The page on hidden symmetries: three sets under one hand, guesses and tables."""
