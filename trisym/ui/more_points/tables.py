"""Tables of more points: the sweep by n, mirror images, energies, kinds, and what a loss costs."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from trisym.thesis.plateau import Plateau, over_seeds
from trisym.ui.kit import tables
from trisym.ui.kit.tables import short

LOSSES: Mapping[str, str] = MappingProxyType(
    {"sides": "all pairs", "half": "a random half of the pairs", "gram": "all pairs, Gram matrix"}
)
CHIRAL_INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "six distances": "six distances",
        "latent of distances": "latent of distances",
        "distances and volume": "distances, volume",
        "latent of distances and volume": "latent of both",
        "coordinates": "coordinates",
    }
)
KIND_INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "sorted by kind": "distances sorted by kind",
        "distances and kinds": "distances and kinds",
        "latent and kinds": "latent and kinds",
        "coordinates and kinds": "coordinates and kinds",
        "distances, kinds unknown": "distances, kinds unknown",
        "sorted, kinds unknown": "sorted distances, kinds unknown",
    }
)


def narrow(sweep: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the thesis's width, 256."""
    return sweep[sweep["width"] == sweep["width"].min()]


def whole(sweep: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    """Return the sweep with what was trained at twice its width: that has its h = 3n − 6, too."""
    return pd.concat([narrow(sweep), wide], ignore_index=True)


def level_at(sweep: pd.DataFrame, points: int) -> Plateau:
    """Return where the error of n points levels off: the middle of the seeds, and their ends."""
    own = narrow(sweep)
    return over_seeds(own[own["points"] == points], "pair_error")


def falls(own: pd.DataFrame, free: int) -> tuple[float, float]:
    """Return by what the best seed's error is divided by the last of `free` nodes, and one more."""
    best = own.groupby("h")["pair_error"].min()
    return best[free - 1] / best[free], best[free] / best[free + 1]


def by_points(sweep: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each n: where its error levels off, and its networks at h = 3n − 6."""
    rows = []
    for points in sweep["points"].unique().tolist():
        own = sweep[sweep["points"] == points]
        free = int(own["freedoms"].iloc[0])
        level = level_at(sweep, points)
        at = narrow(own)[narrow(own)["h"] == free]
        fall, next_fall = falls(narrow(own), free)
        wide = own[(own["width"] > own["width"].min()) & (own["h"] == free)]
        rows.append(
            {
                "points": points,
                "freedoms": free,
                "pairs": int(own["pairs"].iloc[0]),
                "level_at": level.median,
                "level_seeds": level.seeds,
                "fall": fall,
                "next_fall": next_fall,
                "error": at["pair_error"].tolist(),
                "error_wide": wide["pair_error"].tolist(),
                "spread": at["orbit_spread"].tolist(),
                "found": at["found"].tolist(),
                "seconds": at["seconds"].mean(),
                "seconds_wide": wide["seconds"].mean(),
            }
        )
    return pd.DataFrame(rows)


def middle(values: Sequence[float]) -> str:
    """Return the middle seed and the ends: a mean would hang on one that ended badly."""
    low, high = short(min(values)), short(max(values))
    found = short(statistics.median(values))
    return f"**{found}**" if low == high else f"**{found}** ({low} to {high})"


def show_counted(sweep: pd.DataFrame) -> None:
    """Show where the error of each n levels off, and what the last node of 3n − 6 is worth."""
    rows = by_points(sweep)
    texts = pd.DataFrame(
        {
            "points": rows["points"].astype(str),
            "free, 3n − 6": rows["freedoms"].astype(str),
            "distances": rows["pairs"].astype(str),
            "levels off at h": [
                f"**{row.level_at}** ({row.level_seeds})" for row in rows.itertuples()
            ],
            "fall to h = 3n − 6": [f"÷ {short(each)}" for each in rows["fall"]],
            "fall with one more": [f"÷ {short(each)}" for each in rows["next_fall"]],
        }
    )
    tables.show(texts, "Where the error of n points levels off.")


def show_networks(sweep: pd.DataFrame) -> None:
    """Show the networks at h = 3n − 6."""
    rows = by_points(sweep)
    texts = pd.DataFrame(
        {
            "points": rows["points"].astype(str),
            "error a distance": rows["error"].map(middle),
            "with 512 units": rows["error_wide"].map(middle),
            "orbit spread": rows["spread"].map(middle),
            "motions not seen": rows["found"].map(_listed),
            "seconds a network": rows["seconds"].map(short),
        }
    )
    tables.show(texts, "The networks with 3n − 6 nodes: the middle seed and the ends.")


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def show_in_view(table: pd.DataFrame) -> None:
    """Show the networks that the live view has the best of."""
    trained_on = {"sides": "distances", "volume": "distances and volume"}
    rows = [
        {
            "points": str(points),
            "nodes": str(own["h"].iloc[0]),
            "trained on": trained_on[str(loss)],
            "error a distance": middle(own["pair_error"].tolist()),
            "orbit spread": middle(own["orbit_spread"].tolist()),
            "drift of the mirror image": middle(own["mirror_drift"].tolist()),
        }
        for (points, loss), own in table.groupby(["points", "loss"], sort=False)
    ]
    tables.show(pd.DataFrame(rows), "The networks of the live view, three seeds each.")


def show_codes(table: pd.DataFrame) -> None:
    """Show what each code of four points makes of a mirror image."""
    rows = [
        {
            "trained on": code,
            "nodes": str(own["h"].iloc[0]),
            "error a distance": middle(own["pair_error"].tolist()),
            "drift of the mirror image": middle(own["mirror_drift"].tolist()),
            "hand told right": f"**{_percent(own['handedness'].median())}**",
            "orbit spread": middle(own["orbit_spread"].tolist()),
            "error of the volume": middle(own["volume_error"].tolist()),
        }
        for code, own in table.groupby("code", sort=False)
    ]
    tables.show(pd.DataFrame(rows), "Four latent codes of four points and their mirror images.")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace("-", "−")


def show_chiral_energy(table: pd.DataFrame) -> None:
    """Show how much of the chiral term each input lets a predictor know."""
    rows = [
        {
            "energy from": CHIRAL_INPUTS[str(name)],
            "left unexplained": f"**{_percent(own['unexplained'].median())}**",
            "floor of distances": _percent(own["floor"].median()),
            "of the chiral term explained": _percent(own["chiral_r2"].median()),
        }
        for name, own in table.groupby("input", sort=False)
    ]
    tables.show(pd.DataFrame(rows), "An energy with a chiral term, the middle of three seeds.")


def show_kinds(table: pd.DataFrame) -> None:
    """Show the energy of Ne₂Kr from each input, and what renumbering does to it."""
    rows = [
        {
            "energy from": KIND_INPUTS[str(name)],
            "error, K": middle(own["error_kelvin"].tolist()),
            "left unexplained": _share(own["unexplained"].median()),
            "neons swapped": short(own["swapped"].median()),
            "all renumbered": short(own["renumbered"].median()),
            "neon ↔ krypton told": _percent(own["exchanged_r2"].median()),
        }
        for name, own in table.groupby("input", sort=False)
    ]
    tables.show(pd.DataFrame(rows), "The energy of two neons and a krypton, three seeds.")


def _share(value: float) -> str:
    return f"{100 * value:.2g} %"


def by_loss(table: pd.DataFrame) -> pd.DataFrame:
    """Return the middle seed's error of each loss, a row for each n and a column for each loss."""
    found = table.groupby(["points", "loss"])["pair_error"].median().unstack()
    return found[list(LOSSES)]


def show_losses(table: pd.DataFrame) -> None:
    """Show what n points learn from all pairs, from half of them, and by Gram matrix."""
    rows = [
        {
            "points": str(points),
            "pairs": str(own["pairs"].iloc[0]),
            **{
                title: middle(own.loc[own["loss"] == loss, "pair_error"].tolist())
                for loss, title in LOSSES.items()
            },
        }
        for points, own in table.groupby("points", sort=False)
    ]
    tables.show(pd.DataFrame(rows), "Error a distance by loss: the middle seed and the ends.")


def show_wide(wide: pd.DataFrame) -> None:
    """Show the networks of 512 hidden units around 3n − 6 nodes."""
    rows = []
    for points, own in wide.groupby("points", sort=False):
        free = int(own["freedoms"].iloc[0])
        errors = {
            h: own.loc[own["h"] == h, "pair_error"].tolist() for h in (free - 1, free, free + 1)
        }
        fall, next_fall = falls(own, free)
        there = own[own["h"] == free]
        rows.append(
            {
                "points": str(points),
                **{
                    f"error at h = 3n − {6 - step}": middle(errors[free + step])
                    for step in (-1, 0, 1)
                },
                "fall to h = 3n − 6": f"÷ {short(fall)}",
                "fall with one more": f"÷ {short(next_fall)}",
                "orbit spread": middle(there["orbit_spread"].tolist()),
                "motions not seen": _listed(there["found"].tolist()),
            }
        )
    tables.show(pd.DataFrame(rows), "512 hidden units around 3n − 6 nodes, three seeds each.")


def show_homometric(table: pd.DataFrame) -> None:
    """Show how far apart the two sets are, by what is seen of them."""
    names = {
        "distances, sorted": "distances without labels, sorted",
        "distances, labelled": "distances with labels, in the best of 24 numberings",
        "latent of distances": "latent point, in the best of 24 numberings",
    }
    texts = pd.DataFrame(
        {
            "seen": table["seen"].map(names),
            "largest difference": [
                "0" if value < 1e-9 else f"**{short(value)}** {unit}"
                for value, unit in zip(table["apart"], table["unit"], strict=True)
            ],
        }
    )
    tables.show(texts, "Two sets of four points with the same six distances.")
