"""Files: models and their cards, states, result tables, saved runs."""
