"""What the page of more points says; every number in it is read from the result tables."""

from __future__ import annotations

import pandas as pd

from trisym.ui.kit.tables import short
from trisym.ui.more_points.tables import narrow

COUNTS = (3, 4, 5, 6)
TABLES = (
    "more-points",
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
    "Mean error of a distance on 20,000 fresh sets, log scale. Dots: three seeds; line: the best "
    "of them, as some end in a poor minimum; diamonds: a network twice as wide; dashed: "
    "h = 3n − 6; dotted: as many nodes as distances. Ten epochs each, as Fig. 12."
)
TABLE = (
    "*Levels off*: by the rule of Fig. 12, the middle seed and the ends. *Fall*: how many times "
    "smaller the best seed's error is with the last of 3n − 6 nodes, and with one node more. The "
    "other columns are of h = 3n − 6, mean and standard deviation of three seeds. *Motions not "
    "seen*: of the twelve small linear motions of space, by seed; six are the rigid ones, three "
    "the translations alone."
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
PROTOCOL = (
    "Table 3 of the thesis with 3n inputs, trained on Σ|d − d′| over all pairs with the fast "
    "preset (SOAP, cosine), batches of 512; 10 epochs of 160,000 sets in the sweep, 40 for the "
    "networks of the live view and of chirality; 24 epochs of table 4 for energies. Three seeds "
    "each."
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
        "distances: up to five points the network counts the freedoms, not the distances. For six "
        "it is at its own limit: what the last missing number costs, a factor of "
        f"{short(six['fall'])}, is hardly more than what a spare node still gains, "
        f"{short(six['next_fall'])}. The more points, the worse 256 hidden units do: "
        f"{short(min(rows.loc[3, 'error']))} for three points, {short(min(six['error']))} for "
        f"six, {short(min(six['error_wide']))} with 512. And the invariance weakens: three points "
        "leave all six rigid motions unseen, six points the translations only."
    )


def codes(table: pd.DataFrame) -> str:
    """Return what the latent codes make of a mirror image."""
    return ""


def chiral_energy(table: pd.DataFrame) -> str:
    """Return what each input lets a predictor know of a chiral energy."""
    return ""


def homometric(table: pd.DataFrame) -> str:
    """Return what tells the two sets apart."""
    return ""


def kinds(table: pd.DataFrame) -> str:
    """Return what the energy of two kinds of atom is predicted from."""
    return ""


def losses(learned: pd.DataFrame, cost: pd.DataFrame) -> str:
    """Return what half of the pairs and the Gram matrix do to the error and the time."""
    return ""
