"""What the page claims.py shows, beside what all pages share."""
