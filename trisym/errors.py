"""The errors a user can cause; every message is a sentence that says what is allowed."""

from __future__ import annotations


class TrisymError(Exception):
    """Base of everything a user can cause; a page shows its text as it is."""


class ConfigError(TrisymError):
    """A setting outside what is allowed: an unknown name, an absurd size, a negative rate."""


class DataError(TrisymError):
    """Triangles that can't exist or can't be drawn: impossible sides, an empty set."""


class CheckpointError(TrisymError):
    """A model file that is not one of ours, is damaged, or asks for absurd sizes."""


class TrainingError(TrisymError):
    """Training that can't go on: a loss that is not finite, a state that does not fit."""
