"""Where a page shows what a claim is about: the heading that a link from the claim leads to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trisym.thesis.claims import Claim
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, address
from trisym.ui.kit.navigation import PAGES

# By page and place of the thesis, the anchor of a heading; all else is at the top of its page.
ANCHORS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "degrees_of_freedom": {
            "Fig. 4": "set-sizes",
            "Fig. 6": "translations",
            "§3.2": "translations",
            "Fig. 7": "answers",
            "Eq. 6": "activation",
            "Fig. 8": "points",
            "§3.3.1": "points",
        },
        "symmetry": {"Fig. 9": "orbits", "§3.3": "learned", "Eq": "learned", "Abstract": "learned"},
        "energy": {
            "Fig. 11": "actual-against-predicted",
            "Fig. 18": "varied-side",
            "§": "beside-the-thesis",
            "Eqs": "formula",
        },
        "hidden_symmetries": {
            "Fig. 12": "nodes",
            "Fig. 13": "energies",
            "Fig. 14": "two-sides",
            "Table 5": "table-5",
            "§": "table-5",
        },
        "latent_space": {"Fig. 16": "nodes"},
        "more_points": {
            f"§3.6, {anchor}": anchor
            for anchor in ("numbers", "chirality", "labels", "kinds", "cost")
        },
        "physics": {"Fig. 15": "networks", "Beside Fig. 15": "networks"},
        "vae": {"§3.6": "nodes"},
    }
)
# Headings for researchers; every other one that a claim leads to stands in the evidence.
FOR_RESEARCHERS = frozenset({"beside-the-thesis", "formula", "table-5"})


def view(claim: Claim) -> tuple[str, str] | None:
    """Return the title and the address of the view of a claim, heading included, if it has one."""
    title = next((page.title for page in PAGES if page.url_path == claim.page), None)
    if title is None:
        return None
    anchors = ANCHORS.get(claim.page, {})
    anchor = next((anchors[place] for place in anchors if claim.place.startswith(place)), "")
    if not anchor:
        return title, claim.page
    fold = RESEARCHERS if anchor in FOR_RESEARCHERS else EVIDENCE
    return title, address(claim.page, fold, anchor)
