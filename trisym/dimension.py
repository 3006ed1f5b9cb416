"""Local dimension of a cloud of points: the maximum-likelihood estimate from its neighbours.

In d dimensions the logarithms ln(T_k / T_j) of the distances T_1 < … < T_k from a point to its k
nearest neighbours have the mean 1 / d (Levina and Bickel, "Maximum Likelihood Estimation of
Intrinsic Dimension", NIPS 17, 2004):

    at a point:      d(x) = [1 / (k - 2) · Σ_{j<k} ln(T_k / T_j)]^-1   (k - 2 makes it unbiased)
    of the cloud:    d    = [mean over x of 1 / (k - 1) · Σ_{j<k} ln(T_k / T_j)]^-1

the second averaged as the likelihood asks (MacKay and Ghahramani's comment of 2005). A few lines on
SciPy's k-d tree; scikit-dimension has the same estimator, but brings numba along.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from trisym.errors import DataError
from trisym.validation import check_whole

NEIGHBOURS = 20  # the authors take 10 to 20: fewer scatter more, more feel the cloud's edges
MOST_NEIGHBOURS = 1000


def local_dimensions(
    points: Float[np.ndarray, "point coordinate"],
    neighbours: int = NEIGHBOURS,
    every: int = 1,
) -> Float[np.ndarray, " asked"]:
    """Return d(x) at every `every`-th point, from its distances to all points.

    Free of units: scaling the cloud changes nothing. Points near an edge of the cloud come out low,
    and a cloud thinner than the distances between neighbours looks flat. Raises DataError for
    points that are not finite, too few for so many neighbours, or neighbours + 1 in one place;
    ConfigError for other numbers of neighbours than 3 to 1,000.
    """
    return (neighbours - 2) / _log_ratios(points, neighbours, every)


def intrinsic_dimension(
    points: Float[np.ndarray, "point coordinate"],
    neighbours: int = NEIGHBOURS,
    every: int = 1,
) -> float:
    """Return d of the cloud, averaged over every `every`-th point.

    Arguments and errors as for `local_dimensions`.
    """
    return float((neighbours - 1) / _log_ratios(points, neighbours, every).mean())


def _log_ratios(points: np.ndarray, neighbours: int, every: int) -> np.ndarray:
    """Return Σ_{j<k} ln(T_k / T_j) at every `every`-th point."""
    check_whole("The number of neighbours", neighbours, 3, MOST_NEIGHBOURS)
    check_whole("every", every, 1, max(len(points), 1))
    if len(points) <= neighbours:
        raise DataError(
            f"{neighbours} neighbours need at least {neighbours + 1} points, not {len(points)}."
        )
    if not np.isfinite(points).all():
        raise DataError("The points must be finite numbers.")
    from scipy.spatial import cKDTree  # here: 40 MB, which a page that draws a table need not have

    # The nearest of all is the point itself.
    distances = cKDTree(points).query(points[::every], k=neighbours + 1)[0][:, 1:]
    farthest = distances[:, -1:]
    if not farthest.all():
        raise DataError(f"A point has {neighbours} others in its very place: no dimension there.")
    # Points in one place would count infinitely; the smallest positive number bounds their share.
    tiny = np.finfo(float).tiny
    sums = np.log(farthest / np.maximum(distances[:, :-1], tiny)).sum(axis=1)
    return np.maximum(sums, tiny)  # k neighbours all equally far
