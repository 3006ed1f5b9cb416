"""What pages share: the kit of the live views, links, kept state, tables, the menu."""
