"""Set-up for every test."""

from __future__ import annotations

import torch
from hypothesis import settings

# The same examples on every run: a red suite means the code changed, not the dice.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

# One thread: these models are small, and on a busy machine threads that wait for each other spin.
torch.set_num_threads(1)
