"""The presenter's view: a page's live view as large as the screen, and a lecture's keys."""
