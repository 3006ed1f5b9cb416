"""Names to test with: those that the rule takes, of any script, and what comes close."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from trisym.errors import ConfigError
from trisym.names import LONGEST, SIGNS, check_name, cleaned

LETTERS = st.characters(categories=["L", "N", "Mn", "Mc"]) | st.sampled_from("aZ09éßЖאعक日")


def is_name(text: str) -> bool:
    try:
        check_name(text)
    except ConfigError:
        return False
    return True


def nearly_names() -> st.SearchStrategy[str]:
    """Letters, digits and signs of any script, in normal form; not all of them are names."""
    return st.text(LETTERS | st.sampled_from(SIGNS), min_size=1, max_size=LONGEST + 2).map(
        lambda text: unicodedata.normalize("NFC", cleaned(text))
    )


def allowed_names() -> st.SearchStrategy[str]:
    """Names that the rule takes."""
    return nearly_names().filter(is_name)
