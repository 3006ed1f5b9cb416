"""Shared by all pages: the kit of the live views, links, kept state, tables, the menu."""
