"""What is kept in files: models and their cards, states, result tables, visitors' runs."""
