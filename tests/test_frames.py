"""What a frame of a training film holds: the run's numbers, orbits, and the symmetry spectrum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.model_files import network
from trisym import datasets
from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.film import NUMBERS, POINTS, Frame
from trisym.jacobians import of_encoder
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.spectrum import KINDS, MOTIONS
from trisym.storage import checkpoints
from trisym.symmetries import held_out, spectrum
from trisym.training.frames import ASKED, HeldOut

VALUES = [f"answer_{rank}" for rank in range(1, MOTIONS + 1)]


def held(data: DataConfig) -> HeldOut:
    config = FitConfig(data=data, network=AutoencoderConfig(hidden=(4,), latent=2), batch=10)
    return HeldOut.of(datasets.generate(data).split(), config)


def test_a_frame_carries_the_spectrum() -> None:
    model = checkpoints.load_autoencoder("sides-h3")
    frame = held(DataConfig(n=1_000)).frame(model, None, 0.01)
    expected = spectrum(of_encoder(model), held_out(DataConfig(n=1_000), ASKED))
    assert [frame[name] for name in VALUES] == pytest.approx(expected.values)
    assert {kind: frame[kind] for kind in KINDS} == pytest.approx(dict(expected.answers))
    assert frame["lr"] == 0.01
    np.testing.assert_array_equal(Frame.unpack(frame.pack()).numbers, frame.numbers)


def test_the_spectrum_is_named_after_its_kinds() -> None:
    assert NUMBERS[8:] == (*KINDS, *VALUES)


def test_a_network_that_can_not_be_asked_has_a_frame_without_a_spectrum() -> None:
    model = network(AutoencoderConfig())
    assert isinstance(model, Autoencoder)
    for parameter in model.parameters():
        parameter.zero_()
    frame = held(DataConfig(n=1_000)).frame(model, None, 0.01)
    assert np.isnan(frame.numbers[8:]).all()
    assert frame.latents.shape == (POINTS, 3)


@pytest.mark.parametrize("name", datasets.DATASETS)
def test_every_set_has_a_spectrum(name: str) -> None:
    """The flat sets of table 2 too: they are asked in space."""
    data = replace(DataConfig(name), n=1_000)
    model = network(AutoencoderConfig())
    assert isinstance(model, Autoencoder)
    assert np.isfinite(held(data).frame(model, None, 0.01).numbers[8:]).all()
