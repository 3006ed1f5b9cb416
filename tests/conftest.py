"""Set-up for every test."""

from __future__ import annotations

import os

import torch
from hypothesis import settings

# The same examples on every run: a red suite means the code changed, not the dice.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

# Two threads on any machine, so that timings and rounding do not depend on the number of cores.
torch.set_num_threads(min(2, os.cpu_count() or 1))
