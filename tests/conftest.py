"""Set-up for every test."""

from __future__ import annotations

import pytest
import torch
from hypothesis import settings

from trisym.ui.kit import visitor

# The same examples on every run: a red suite means the code changed, not the dice.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

# One thread: these models are small, and on a busy machine threads that wait for each other spin.
torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's AppTest has no browser behind it: its cookies are mocks, not texts."""
    monkeypatch.setattr(visitor, "cookies", dict)
