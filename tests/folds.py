"""A link that opens every fold of a page, for tests that must see all of it."""

from __future__ import annotations

from urllib.parse import urlencode

from trisym.ui.kit.folds import TITLES

OPEN = dict.fromkeys(TITLES, "true")
QUERY = f"?{urlencode(OPEN)}"
