"""What the page degrees_of_freedom.py shows, beside what all pages share."""
