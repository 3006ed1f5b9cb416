"""Table 5, printed, run and ours; and the network as a counter of degrees of freedom."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import streamlit as st

from trisym.storage import results
from trisym.thesis import claims
from trisym.thesis.plateau import Plateau, over_seeds
from trisym.ui.hidden_symmetries.sets import SETS, TWO_SIDES
from trisym.ui.kit import tables
from trisym.ui.kit.tables import scientific, short
from trisym.ui.kit.tolerances import show_tolerances

SWEEP = "hidden-h"
MISPRINT = (
    "**Row ii is misprinted by a factor of ten.** The thesis prints a reconstruction loss of "
    "2·10⁻¹, worse than random triangles; its notebook ran 0.0588 for three sides, 0.0196 a side, "
    "three times better. The energy loss of the row is off too: 1·10⁻² printed, 2.3·10⁻³ run. Row "
    "iii is printed as the sum over three sides (0.0052), the other rows as the mean (0.0052 / 3 = "
    "0.0017). Ours is the mean error of a side in every row."
)


TABLE_5 = ("hidden-h2", "hidden-predictions")  # the results that it is made of


def table_5() -> pd.DataFrame:
    """Return printed, run and ours by row: ours is the mean over seeds, ± half their range.

    `energy_r2`: the share of the energies' variance that the shipped predictor gets, which no
    scaling of energies changes. Raises TrisymError where a result is missing.
    """
    runs, predictions = (results.load(name) for name in TABLE_5)
    explained = predictions.set_index("set")["energy_r2"]
    rows = []
    for name, text in {**SETS, "two-sides": TWO_SIDES}.items():
        ours = runs[runs["set"] == name]
        row = {"row": text.row, "set": name, "seeds": len(ours)}
        for column, what in (("side_error", "sides"), ("energy_mse", "energy")):
            claim = claims.find(f"table5-{text.row}-{what}")  # row iv has no encoder
            low, high = ours[column].min(), ours[column].max()
            row |= {
                f"{column}_printed": _printed(claim) if claim else None,
                f"{column}_run": claim.ran_aim if claim else None,
                column: ours[column].mean(),
                f"{column}_plus_minus": (high - low) / 2,
            }
        rows.append(row | {"energy_r2": explained[name]})
    return pd.DataFrame(rows)


def _printed(claim: claims.Claim) -> float:
    """The number as it stands in print: one digit, and in row iii a sum over three sides."""
    number = claims.aim(claim.id)
    return float(f"{3 * number if 'a sum over three sides' in claim.printed else number:.0e}")


def show_table_5(numbers: pd.DataFrame) -> None:
    """Show table 5 beside what was printed and run."""
    texts = {**SETS, "two-sides": TWO_SIDES}
    shown = pd.DataFrame({"two numbers from": [texts[name].title for name in numbers["set"]]})
    for column, heading, text in (
        ("side_error", "side error", short),
        ("energy_mse", "energy MSE", scientific),
    ):
        for source in ("printed", "run"):
            shown[f"{heading}, {source}"] = [
                "–" if pd.isna(value) else text(value) for value in numbers[f"{column}_{source}"]
            ]
        shown[f"{heading}, ours"] = [
            with_spread(mean, spread, text)
            for mean, spread in zip(numbers[column], numbers[f"{column}_plus_minus"], strict=True)
        ]
    shown["R² of the energy, ours"] = numbers["energy_r2"].map("{:.3f}".format)
    tables.show(shown, "Table 5: thesis as printed, as run, and ours.")
    st.markdown(MISPRINT)


def with_spread(mean: float, spread: float, text: Callable[[float], str]) -> str:
    """Return a mean and its spread, to the first digit of the spread, or a dash for none.

    `text` is `short` or `scientific`: how a number of this column is written.
    """
    if pd.isna(mean):
        return "–"
    exponent = 0 if text is short else math.floor(math.log10(mean))
    mean, spread = mean / 10**exponent, spread / 10**exponent
    digits = max(1, -math.floor(math.log10(spread))) if spread > 0 else 1
    shown = f"**{mean:.{digits}f}** ± {spread:.{digits}f}"
    return shown if text is short else f"({shown}) ×{scientific(10.0**exponent).partition('×')[2]}"


def show_counted(numbers: pd.DataFrame) -> None:
    """Show the plateaus beside the local dimensions."""
    texts = pd.DataFrame(
        {
            "set": numbers["set"].map(lambda name: SETS[name].title),
            "error levels off at": [
                f"**h = {row.plateau}**, " + of_seeds(row.plateau_low, row.plateau_high)
                for row in numbers.itertuples()
            ],
            "local dimension of the sides": numbers["sides_dimension"].map("{:.2f}".format),
            "of the latents, at that h": [
                f"{row.latent_dimension:.2f} ({row.latent_dimension_low:.2f} to "
                f"{row.latent_dimension_high:.2f})"
                for row in numbers.itertuples()
            ],
        }
    )
    tables.show(texts, "Plateaus and local dimensions of the three sets.")


def by_tolerance(sweep: pd.DataFrame, shown: Sequence[str]) -> None:
    """Show where the curves that may be seen become level, with other tolerances, too."""
    show_tolerances(
        {SETS[name].title: (sweep[sweep["set"] == name], "side_error") for name in shown}
    )


def of_seeds(low: int, high: int) -> str:
    """Return in words how far the seeds agree."""
    return "every seed" if low == high else f"seeds from {low} to {high}"


def counted(sweep: pd.DataFrame, shown: Sequence[str]) -> pd.DataFrame:
    """Return, by set of those that may be seen, where the sweep levels off and the local
    dimensions of its clouds.
    """
    rows = []
    for name in shown:
        own = sweep[sweep["set"] == name]
        found = plateau_of(sweep, name)
        at = own[own["h"] == found.median]["latent_dimension"]
        rows.append(
            {
                "row": SETS[name].row,
                "set": name,
                "plateau": found.median,
                "plateau_low": found.low,
                "plateau_high": found.high,
                "sides_dimension": own["sides_dimension"].mean(),
                "latent_dimension": at.mean(),
                "latent_dimension_low": at.min(),
                "latent_dimension_high": at.max(),
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Sweep:
    """Facts about the sweep over h for the page: its sizes, and where each set levels off."""

    sizes: tuple[int, ...]
    plateaus: Mapping[str, Plateau]


def sweep() -> Sweep:
    """Return it from the shipped result; TrisymError where that is missing."""
    return _sweep(results.stamp(SWEEP))


@st.cache_resource(show_spinner=False, max_entries=2)
def _sweep(stamp: results.Stamp) -> Sweep:
    table = results.load(SWEEP)
    plateaus = MappingProxyType({name: plateau_of(table, name) for name in SETS})
    return Sweep(tuple(sorted(table["h"].unique().tolist())), plateaus)


def plateau_of(sweep: pd.DataFrame, name: str) -> Plateau:
    """Return the h at which a set's side errors level off, by the rule of trisym.thesis.plateau."""
    return over_seeds(sweep[sweep["set"] == name], "side_error")


SWEEP_CAPTION = (
    "Mean error of a side on 20,000 fresh triangles, log scale. Dots: three seeds; line: their "
    "mean; band: lowest to highest; faint: the other sets; dashed: where it levels off, the "
    "smallest h from which on all errors lie within 5 % of the whole fall above the lowest. "
    "Diamonds: one run of the thesis's notebooks (Fig. 12)."
)
CAUSE = (
    "Not alone. The loss asks for sides, and is blind to the pose: it neither wants the pose nor "
    "forbids it. With no more nodes than the sides need, the bottleneck drops it. Give the network "
    "more, and it keeps the pose, though nobody asks for it. Orbit spread is 0 where all poses of "
    "a triangle have one latent point, 1 where the point says nothing of the triangle. Dashed: "
    "whitened, so that every direction of the latent counts alike. Means of three seeds."
)
COUNTER = (
    "A cloud's **local dimension** says how many numbers a small piece of it needs, estimated "
    "from the distances to each point's 20 nearest neighbours (Levina and Bickel 2004). It knows "
    "no network. The network counts by failing: below the right h its error stays up. For set ii "
    "the two disagree, and both are right: each of its three planes needs two numbers, but three "
    "planes that cross can't be laid flat without folding."
)


def told(sweep: pd.DataFrame, name: str, shown: Sequence[str]) -> str:
    """A curve in words, for those who don't see it; nothing of one that is still hidden."""
    if name not in shown:
        return f"Side error of set {SETS[name].row} against h; hidden until you have guessed."
    means = sweep[sweep["set"] == name].groupby("h")["side_error"].mean()
    values = ", ".join(f"{short(value)} at h = {h}" for h, value in means.items())
    return f"Side error of set {SETS[name].row}: {values}."
