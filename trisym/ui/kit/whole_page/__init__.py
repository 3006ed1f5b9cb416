"""All of a page as one zip: its tables, its charts for print, its live views, how each is made."""
