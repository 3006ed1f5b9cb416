"""What the page of more points says; every number in it is read from the result tables."""

from __future__ import annotations

import pandas as pd

from trisym.ui.kit.tables import short
from trisym.ui.more_points.tables import by_loss, by_points, falls, narrow

COUNTS = (3, 4, 5, 6)
RIGID = 6  # of the twelve small linear motions of space
TABLES = (
    "more-points",
    "more-points-wide",
    "points-networks",
    "chirality",
    "chiral-energy",
    "homometric",
    "kinds",
    "more-points-pairs",
    "more-points-costs",
)

LIVE = (
    "**Drift** is how far the latent point has gone, in spreads of the cloud. Three points and "
    "their mirror image are one shape, turned; four points and theirs share every distance, and no "
    "rotation carries one onto the other."
)
SWEEP = (
    "Mean error of a distance on 20,000 fresh sets, log scale; h = 1 and the sizes around 3n − 6. "
    "Dots: three seeds; line: the best of them, as some end in a poor minimum; diamonds: 512 "
    "hidden units in place of 256; dashed: 3n − 6 nodes; dotted: as many as distances. Ten epochs, "
    "as Fig. 12."
)
COUNTING = (
    "*Levels off*: by the rule of Fig. 12, the middle seed and the ends. *Fall*: by what the best "
    "seed's error is divided by the last of 3n − 6 nodes, and by one node more."
)
WIDE = (
    "One node less, as many, and one more: each error is the middle seed's, with the lowest and "
    "highest of three; falls are the best seed's. Ten epochs, as with 256 hidden units."
)
LOSSES = (
    "Error of a distance with 3n − 6 nodes and 256 hidden units after ten epochs: the middle of "
    "three seeds, and the ends."
)
NETWORKS = (
    "With 3n − 6 nodes: the middle seed, and the lowest and highest of three. *Motions not seen*: "
    "of the twelve small linear motions of space, seed by seed; six are the rigid ones, three the "
    "translations alone."
)
CHIRALITY = (
    "Mirror a triangle: it lies in a plane, so a rotation in space does the same, and an answer "
    "that ignores rotations ignores the mirror, too. Four points that lie in no plane have a left "
    "and a right form. All six distances agree, so a network that is trained on distances alone "
    "has no reason to tell the two apart. Their **signed volume** differs. *Hand told right*: how "
    "often the nearest neighbours of a latent point have its hand; a coin is right half the time."
)
CHIRAL_ENERGY = (
    "Four atoms with a Lennard-Jones energy and a term χ V that is proportional to the signed "
    "volume: the mirror image has another energy. No molecule's own energy, but the simplest that "
    "is chiral. Whatever sees only distances can't come below the share of that term, the dashed "
    "line."
)
HOMOMETRIC = (
    "Distances fix a shape only if one knows which is which. Put four points on a circle, at the "
    "eighths 0, 1, 3, 4 of a turn, and four at 0, 1, 2, 5: both sets have the same six distances. "
    "As neighbours of an atom in the middle they are the pair with which Pozdnyakov et al. "
    "([Phys. Rev. Lett. 125, 166001, 2020](https://doi.org/10.1103/PhysRevLett.125.166001)) show "
    "that distances and angles about an atom do not fix its surroundings. The networks here get "
    "their points with numbers."
)
KINDS = (
    "Two neon atoms and one krypton, each pair with its own σ and ε (Lorentz and Berthelot's "
    "rules; numbers of Allen and Tildesley, 1987). Which of the three atoms is the krypton is "
    "drawn, and is an input of its own. Changing the numbers of the atoms, kinds along, changes "
    "nothing; nor does swapping the two neons. A neon and the krypton in each other's places are "
    "another molecule. *Swapped* and *renumbered*: how far the prediction goes, in standard "
    "deviations of the energy, though the energy stays. *Neon ↔ krypton told*: how much of the "
    "energy's change is predicted when those two change places."
)
IN_VIEW = (
    "Beside these it has *sides-h3* for three points, and of *chirality* the network that was "
    "trained on the distances of four; the best of the seeds each."
)
PROTOCOL = (
    "Table 3 of the thesis with 3n inputs, trained on Σ|d − d′| over all pairs with the fast "
    "preset (SOAP, cosine), batches of 512; 10 epochs of 160,000 sets, 40 for the codes of four "
    "points, 12 for the live view's other networks; table 4 for energies, 8 epochs. Three "
    "seeds each; the live view has the best."
)


def curve(sweep: pd.DataFrame, points: int) -> str:
    """Return what the curve of n points shows, for who can't see it."""
    own = narrow(sweep)
    best = own[own["points"] == points].groupby("h")["pair_error"].min()
    values = ", ".join(f"h = {h}: {short(error)}" for h, error in best.items())
    return f"Error of a distance against h for {points} points, the best of three seeds: {values}."


def counted(sweep: pd.DataFrame) -> str:
    """Return what the sweep says of 3n − 6."""
    rows = by_points(sweep).set_index("points")
    levels = ", ".join(str(level) for level in rows["level_at"])
    six = rows.loc[6]
    return (
        f"The error levels off at **{levels}** nodes, beside 3n − 6 = 3, 6, 9, 12 and 3, 6, 10, 15 "
        "distances: up to five points the network counts what is free, not the distances. For six "
        "it is at its own limit: the last of twelve nodes divides the error by "
        f"{six['fall']:.2f}, a thirteenth by {six['next_fall']:.2f}, and the seeds disagree."
    )


def weakened(sweep: pd.DataFrame) -> str:
    """Return what more points do to a network of one width."""
    rows = by_points(sweep).set_index("points")
    best = {n: min(rows.loc[n, "error"]) for n in COUNTS}
    return (
        "The more points, the harder it is for as many hidden units: the best error grows from "
        f"{short(best[3])} for three points to {short(best[6])} for six, and 512 units bring that "
        f"to {short(min(rows.loc[6, 'error_wide']))}. The invariance weakens with it: with three "
        "points the encoder does not see any of the six rigid motions, with six it still sees the "
        "rotations a little."
    )


def codes(table: pd.DataFrame) -> str:
    """Return what the latent codes make of a mirror image."""
    found = table.groupby("code").median(numeric_only=True)
    distances = found.loc["distances"]
    six, seven = (found.loc[f"distances and volume, {nodes} nodes"] for nodes in (6, 7))
    return (
        f"Trained on distances, a set and its mirror image lie {short(distances['mirror_drift'])} "
        f"spreads apart, and the hand is told in {_percent(distances['handedness'])} of cases, as "
        "by a coin. With the signed volume in the loss and **seven** nodes they lie "
        f"{short(seven['mirror_drift'])} spreads apart, and it is told in "
        f"{_percent(seven['handedness'])}. With six nodes, as many as the shape has freedoms, it "
        "is not: every seed spends all six on the distances and rebuilds no volume (an error of "
        f"{short(six['volume_error'])}, where the mean |V| is {short(six['volume_mean'])}). The "
        f"hand has its price, too: a distance errs by {short(seven['pair_error'])} in place of "
        f"{short(distances['pair_error'])}, and the orbit spread is "
        f"{short(seven['orbit_spread'])} in place of {short(distances['orbit_spread'])}."
    )


def chiral_energy(table: pd.DataFrame) -> str:
    """Return what each input lets a predictor know of a chiral energy."""
    found = table.groupby("input")[["unexplained", "floor", "chiral_r2"]].median()
    six, both = found.loc["six distances"], found.loc["distances and volume"]
    coordinates = found.loc["coordinates"]
    latents = [
        found.loc[name] for name in ("latent of distances", "latent of distances and volume")
    ]
    return (
        f"The chiral term is {_percent(six['floor'])} of the energy's variance. Exact distances "
        f"leave {_percent(six['unexplained'])} unexplained, with the signed volume beside them "
        f"{_percent(both['unexplained'])}. Of the chiral term itself the latent of distances "
        f"explains {_percent(max(0.0, latents[0]['chiral_r2']))}, that of distances and volume "
        f"{_percent(latents[1]['chiral_r2'])}. Coordinates tell the hand "
        f"({_percent(coordinates['chiral_r2'])}), and yet leave "
        f"{_percent(coordinates['unexplained'])} of the energy unexplained: what is hard for them "
        "is the part of the distances."
    )


def homometric(table: pd.DataFrame) -> str:
    """Return what tells the two sets apart."""
    apart = table.set_index("seen")["apart"]
    return (
        "Sorted, their distances agree to rounding. In the best of the 24 numberings a distance "
        f"still differs by {short(apart['distances, labelled'])} edges, and the latent points of "
        f"the two lie {short(apart['latent of distances'])} spreads apart. An energy that is a sum "
        "over pairs is the same for both, whatever it is."
    )


def kinds(table: pd.DataFrame) -> str:
    """Return what the energy of two kinds of atom is predicted from."""
    error = table.groupby("input")["error_kelvin"].median()
    return (
        "Distances sorted within their kinds, which no renumbering changes, are best: "
        f"{short(error['sorted by kind'])} K. With numbers and kinds, distances err by "
        f"{short(error['distances and kinds'])} K, the latent by "
        f"{short(error['latent and kinds'])} K and coordinates by "
        f"{short(error['coordinates and kinds'])} K; who is not told the kinds, by "
        f"{short(error['sorted, kinds unknown'])} K at best."
    )


def wide(table: pd.DataFrame) -> str:
    """Return what twice as many hidden units change."""
    found = [falls(own, int(own["freedoms"].iloc[0])) for _, own in table.groupby("points")]
    last, more = (", ".join(f"{each:.2f}" for each in part) for part in zip(*found, strict=True))
    six = table.loc[table["points"] == COUNTS[-1], "found"]
    return (
        "With **512 hidden units** the last of 3n − 6 nodes divides the best error of 3, 4, 5 and "
        f"6 points by {last}, one node more by {more}. Of the networks of six points "
        f"{(six == RIGID).sum()} of {len(six)} then do not see any of the six rigid motions."
    )


def losses(learned: pd.DataFrame, cost: pd.DataFrame) -> str:
    """Return what half of the pairs and the Gram matrix do to the error and the time."""
    error = by_loss(learned)
    half, gram = (error[loss] / error["sides"] for loss in ("half", "gram"))
    most = cost["points"].max()
    quickest = cost[cost["points"] == most].groupby("loss")["loss_ms"].min()
    return (
        "The thesis fears the n(n − 1)/2 distances of many points. A **random half** of them, "
        "another half in each step, teaches, too, at half the cost of the loss: of 3, 4, 5 and 6 "
        f"points a distance then errs by {', '.join(f'{each:.2f}' for each in half)} times as "
        "much: the more pairs there are, the less it costs. And all pairs need not "
        f"be that dear: at {most} points a batch of 512 takes {short(quickest['sides'])} ms pair "
        f"by pair, {short(quickest['half'])} ms for half of them, and {short(quickest['gram'])} "
        "ms for all by one **Gram matrix**, d² = |vᵢ|² + |vⱼ|² − 2 vᵢ·vⱼ. Trained so, networks "
        f"learn the same: {min(gram):.2f} to {max(gram):.2f} times the error, and from the seeds "
        "that end in a poor minimum pair by pair they end in one, too."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
