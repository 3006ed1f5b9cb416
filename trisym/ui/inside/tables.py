"""Numbers of the page: how much of each network the story explains, and the floor."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trisym.figures import encoders as figures
from trisym.thesis import claims
from trisym.ui.kit import levels
from trisym.ui.kit.tables import TABLE, csv, short, show

TOLD_SHIFTS = (1.0, 5.0, -0.1, -0.5)
RULE = (
    "**The rule.** A unit *watches* a side when at most a tenth of its weight vector lies outside "
    "the pattern (n, −n, 0), and its kink at most 0.1 edges from n·v = 0. A side is *measured* "
    "where what its units add up to leaves at most 1 % of its variance. The story holds for a "
    "network that measures all three sides, with units that carry 90 % of its weight."
)
WHERE_IT_ENDS = (
    "All training triangles lie in the unit cube. Shift one by the same amount along all three "
    "axes and its sides stay; does what the network says of them? Above 0 there is no example, "
    "and it does. What ends it is one layer: the network of table 3 (9, 256, 3, 256, 9 nodes) "
    "begins with a leaky ReLU on the coordinates, which leaves positive ones alone and shrinks "
    "negative ones to 0.3 of them. Try it above: pull *shift all axes* to the left, then switch "
    "that layer off. Training without it makes no difference inside the cube: there the layer "
    "does nothing, and the same seed gives the same weights to the bit."
)


def units(result: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Show the result `encoder-units`: the mean over seeds of each network."""
    means = result.groupby("model", sort=False).mean(numeric_only=True)
    counts = result.groupby("model", sort=False)["seed"].count()
    holds = result.groupby("model", sort=False)["holds"].sum()
    weights = means[["weight_1", "weight_2", "weight_3"]]
    texts = pd.DataFrame(
        {
            "network": [titles.get(name, name) for name in means.index],
            "units not idle": means["strong"].map("{:.0f}".format),
            "weight in units that watch a side": means["watching"].map("{:.0%}".format),
            "Σ a of each side (theory: 2)": [
                ", ".join(f"{value:.2f}" for value in row) for row in weights.to_numpy()
            ],
            "least of a side's variance explained": means["explained"].map("{:.1%}".format),
            "error of the sums": means["sums_error"].map(short),
            "story": [
                f"holds for {held} of {count}" if held else "none"
                for held, count in zip(holds, counts, strict=True)
            ],
        }
    )
    show(texts, "What the hidden units of each network watch.")
    csv(lambda: result, "encoder-units", TABLE)


def story_in_words(result: pd.DataFrame) -> str:
    """Return in how many of the networks trained on sides the story holds, each from its seed."""
    held = result.loc[result["model"] == "sides-h3", "holds"]
    said = f"Of the {len(held)} networks trained on sides, each from a seed of its own,"
    if held.all():
        return f"{said} all measure their sides in this way."
    return f"{said} {held.sum()} measure all three sides in this way, the others not all of them."


def floor_in_words(table: pd.DataFrame) -> str:
    """Return what the recipe `handmade` found: slopes, the floor, and what goes below it."""
    slopes, thesis = figures.slopes(table), claims.aim("sides-error")
    floor = levels.floor()
    least = table.groupby(["way", "units"])["encoder_side_error"].mean()
    formula, best = (f"{slopes[way]:.2f}".replace("-", "−") for way in ("formula", "optimised"))
    return (
        f"By the formula the error falls as N to the power {formula}; with the best directions to "
        f"{best}, and −1.25 is the best there can be (a theorem on zonotopes). So adding up |n·v| "
        f"with 85 units a side errs by **{short(floor)}** or more: the thesis's {short(thesis)} "
        f"is {thesis / floor:.1f} times that floor.\n\n"
        "It is the floor of this way to measure, not of every network. Pythagoras is another: bent "
        "lines stand in for the squares of three coordinates, and the decoder takes the root. With "
        f"as many units that errs by {short(least['pythagoras', 85])}. The trained networks do not "
        "do that: their units watch sides."
    )


def shift_in_words(drawn: pd.DataFrame) -> str:
    """Return the side errors of the shipped network at a few shifts, with and without the layer."""
    errors = drawn.groupby(["kind", "shift"])["side_error"].mean()
    told = [
        f"{shift:+g}: {short(errors[figures.AS_TRAINED, shift])}".replace("-", "−")
        for shift in TOLD_SHIFTS
    ]
    stood, half = errors[figures.AS_TRAINED, 0.0], errors[figures.WITHOUT, -0.5]
    return (
        f"Side error of the network trained on sides: {short(stood)} where the triangles stood; "
        f"shifted by {'; '.join(told)}. Without the layer, the weights being the same, by −0.5: "
        f"{short(half)}. Far out it shows that a unit's weights on the three vertices add up to "
        "nearly 0, not to 0."
    )
