"""Set-up for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings
from streamlit.components.v2.component_manager import BidiComponentManager

from tests import shapes

shapes.check_each_kind_of_call_once()  # before anything of trisym is imported

from trisym.ui.kit import visitor  # noqa: E402

# The same examples on every run: a red suite means the code changed, not the dice.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

# One thread: these models are small, and on a busy machine threads that wait for each other spin.
torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def no_foreign_components() -> Iterator[None]:
    """Each AppTest reads all installed packages for components of theirs, of which there are none.

    It takes longer than most pages do; those of ours are registered by the pages themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            BidiComponentManager, "discover_and_register_components", lambda self, **_: None
        )
        yield


@pytest.fixture(autouse=True)
def no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's AppTest has no browser behind it: its cookies are mocks, not texts."""
    monkeypatch.setattr(visitor, "cookies", dict)
