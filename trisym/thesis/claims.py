"""The rule by which a claim of the thesis is judged, and the look-up of our own number for it.

No number of ours stands here: a claim names a result table, rows, a column and a statistic, and the
number is read from `pretrained/results/`. The claims themselves are data, in claims.toml.
"""

from __future__ import annotations

import math
import statistics
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from trisym.errors import ConfigError, TrisymError
from trisym.storage import results
from trisym.thesis.statistics import Measure, Paired, interval, paired
from trisym.validation import check_choice, check_number

REPRODUCED = "reproduced"
OTHER_PROTOCOL = "reproduced with other protocol"
NOT_REPRODUCED = "not reproduced"
MISPRINT = "misprint"  # a slip of the pen: the notebooks have the right number
WRONG = "wrong in print"  # a statement or formula that does not hold
OTHER_PROGRAM = "print is not the program"  # both are sound, and they differ
NOT_STATED = "not stated"  # what was run can't be known from the print
FAULTS = (MISPRINT, WRONG, OTHER_PROGRAM, NOT_STATED)
NOT_MEASURED = "not measured yet"
HOLDS, FAILS = "holds", "does not hold"  # of what we state ourselves
VERDICTS = (REPRODUCED, OTHER_PROTOCOL, NOT_REPRODUCED, *FAULTS, HOLDS, FAILS, NOT_MEASURED)

THESIS, OURS = "thesis", "ours"
MEASURED, ARITHMETIC, READING = "measured", "arithmetic", "reading"

STATED = Path(__file__).with_name("claims.toml")

ROOM = 1.25  # for another random seed
PRINTED_RUNS = 3  # seeds of the thesis's own protocol, an hour each: ours have up to five
COMPARISONS: Mapping[str, Callable[[Sequence[float], float, float], bool]] = MappingProxyType(
    {
        "about": lambda ours, aim, room: aim / room <= statistics.fmean(ours) <= aim * room,
        "at most": lambda ours, aim, room: statistics.fmean(ours) <= aim * room,
        "at least": lambda ours, aim, room: statistics.fmean(ours) >= aim / room,
        "exactly": lambda ours, aim, room: math.isclose(statistics.median_low(ours), aim),
    }
)


@dataclass(frozen=True)
class Claim:
    """One statement of the thesis, in our words, with what it was printed as and run as.

    `aim` is the printed number and `ran_aim` the notebooks', where that differs; `ran_measure`
    measures what the notebooks did where the printed formula is another one. `printed_measure` is
    `measure` of what was trained by the thesis's own protocol, which `printed_protocol` describes;
    `protocol` says how the protocol of `measure` differs. `exact` claims need
    no seeds, and `arithmetic` ones no network that could fail. A claim with `reading` in place of
    a measure is one that the text itself, or a notebook, contradicts in words. `fault` says what is
    wrong with a print that fails. What is `ours` has nothing printed. Raises ConfigError for a
    claim that can't be judged.
    """

    id: str
    place: str  # such as "Fig. 5a"
    section: str
    states: str
    page: str  # URL path of the view that shows it
    printed: str = ""
    source: str = THESIS
    ran: str = ""
    compare: str = "about"
    aim: float | None = None
    ran_aim: float | None = None
    room: float = ROOM
    measure: Measure | None = None
    ran_measure: Measure | None = None
    printed_measure: Measure | None = None
    runs: int = 3
    exact: bool = False
    arithmetic: bool = False
    fault: str = MISPRINT
    protocol: str = ""  # how ours differs, where it does
    printed_protocol: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        check_choice("compare", self.compare, COMPARISONS)
        check_choice("source", self.source, (THESIS, OURS))
        check_choice("fault", self.fault, FAULTS)
        check_number("room", self.room, 1.0, 10.0)
        if (self.measure is None) == (not self.reading):
            raise ConfigError(f"The claim {self.id} needs either a measure or a reading.")
        if self.measure is not None and self.aim is None:
            raise ConfigError(f"The claim {self.id} needs a number to aim at.")
        if bool(self.printed_measure) != bool(self.printed_protocol):
            raise ConfigError(f"The claim {self.id} has a protocol without numbers, or none to it.")
        if (self.source == THESIS) != bool(self.printed):
            raise ConfigError(f"The claim {self.id} must say what is printed, and ours nothing.")

    @property
    def kind(self) -> str:
        """Return what settles it: "measured", "arithmetic" or "reading"."""
        if self.reading:
            return READING
        return ARITHMETIC if self.exact or self.arithmetic else MEASURED

    @property
    def is_rounded(self) -> bool:
        """Whether the print is the notebooks' number, cut to its digits: within the room of it."""
        if self.aim is None or self.ran_aim is None:
            return False
        return self.aim / self.room <= self.ran_aim <= self.aim * self.room

    @property
    def rule(self) -> str:
        """The comparison in words."""
        if self.aim is None:
            return "read, not measured"
        aim = f"{self.compare} {self.aim:.4g}"
        if self.is_rounded:
            aim += f", or {self.ran_aim:.4g} of which that is rounded"
        if self.compare == "exactly" or self.room == 1:
            return aim
        return f"{aim}, factor {self.room:g}"

    @property
    def recipes(self) -> tuple[str, ...]:
        """The recipes that make the tables behind it."""
        measures = [m for m in (self.measure, self.ran_measure, self.printed_measure) if m]
        return tuple(dict.fromkeys(name for m in measures for name in m.tables))

    @property
    def command(self) -> str:
        """Command that makes our number again."""
        return f"python -m trisym reproduce {' '.join(self.recipes)}" if self.recipes else ""


@dataclass(frozen=True)
class Judged:
    """A claim with our numbers, one a seed, and the verdict; `why` where there is no number.

    `as_run` are our numbers for what the notebooks did, where that is another formula;
    `by_print` those by the thesis's own protocol, by which the claim is judged where there are any.
    """

    claim: Claim
    ours: tuple[float, ...]
    verdict: str
    why: str = ""
    as_run: tuple[float, ...] = ()
    by_print: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        return _mean(self.ours)

    @property
    def judged_by(self) -> tuple[float, ...]:
        """The numbers that the verdict is about."""
        return self.by_print or self.ours

    @property
    def paired(self) -> Paired | None:
        """The paired test, where the claim is about a ratio of two networks of equal seeds."""
        measure = self.claim.printed_measure if self.by_print else self.claim.measure
        return paired(self.judged_by) if measure and measure.over else None

    @property
    def spread(self) -> float:
        """The standard deviation over seeds; NaN where there is only one number, or one is NaN."""
        several = len(self.ours) > 1 and all(map(math.isfinite, self.ours))
        return statistics.stdev(self.ours) if several else math.nan


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else math.nan


def claims() -> list[Claim]:
    """Return what the thesis states, in its order."""
    return list(_stated())


@cache
def _stated() -> tuple[Claim, ...]:
    entries = tomllib.loads(STATED.read_text(encoding="utf-8"))["claim"]
    return tuple(_claim(entry) for entry in entries)


@cache
def _by_id() -> Mapping[str, Claim]:
    return {claim.id: claim for claim in claims()}


def find(claim_id: str) -> Claim | None:
    """Return the claim with this id, or None."""
    return _by_id().get(claim_id)


def aim(claim_id: str) -> float:
    """Return the number that a claim aims at, as printed; KeyError when it has none."""
    claim = find(claim_id)
    if claim is None or claim.aim is None:
        raise KeyError(claim_id)
    return claim.aim


def measured(claim_id: str) -> float:
    """Return the mean of our numbers for a claim.

    Raises KeyError for an unknown id, TrisymError when the numbers are missing.
    """
    claim = find(claim_id)
    if claim is None:
        raise KeyError(claim_id)
    mean = judge_shipped(claim).mean
    if not math.isfinite(mean):
        raise TrisymError(f"What was measured for “{claim.states}” is missing or damaged.")
    return mean


def _claim(entry: Mapping[str, Any]) -> Claim:
    names = ("measure", "ran_measure", "printed_measure")
    measures = {name: _measure(entry.get(name)) for name in names}
    return Claim(**{**entry, **measures})


def _measure(entry: Mapping[str, Any] | None) -> Measure | None:
    if entry is None:
        return None
    return Measure(**{**entry, "over": _measure(entry.get("over"))})


def verdict(claim: Claim, ours: Sequence[float], ours_as_run: Sequence[float] = ()) -> str:
    """Apply the rule to numbers, one a seed; `ours_as_run` are those of `ran_measure`."""
    if claim.reading:
        return claim.fault
    needed = 1 if claim.exact else claim.runs
    as_run = ours_as_run if claim.ran_measure else ours
    if min(len(ours), len(as_run)) < needed or not all(map(math.isfinite, (*ours, *as_run))):
        return NOT_MEASURED
    assert claim.aim is not None  # a claim without a reading has one
    passes = COMPARISONS[claim.compare]
    if claim.source == OURS:
        return HOLDS if passes(ours, claim.aim, claim.room) else FAILS
    if passes(ours, claim.aim, claim.room):
        return OTHER_PROTOCOL if claim.protocol else REPRODUCED
    ran_aim = claim.aim if claim.ran_aim is None else claim.ran_aim
    if not claim.exact and not passes(as_run, ran_aim, claim.room):
        return NOT_REPRODUCED
    if claim.is_rounded:
        return OTHER_PROTOCOL if claim.protocol else REPRODUCED
    return claim.fault


def judge(claim: Claim, folder: Path = results.RESULTS) -> Judged:
    """Look our numbers up and judge; a missing table is a verdict of its own, not an error.

    The numbers of the thesis's own protocol come first, where its table has enough seeds.
    """
    if claim.measure is None:
        return Judged(claim, (), verdict(claim, ()))
    ours = _by_ours(claim, folder)
    by_print = _by_print(claim, folder)
    if not by_print:
        return ours
    runs = min(claim.runs, PRINTED_RUNS)
    found = verdict(replace(claim, protocol="", ran_measure=None, runs=runs), by_print)
    return replace(ours, verdict=found, by_print=by_print) if found != NOT_MEASURED else ours


def _by_print(claim: Claim, folder: Path) -> tuple[float, ...]:
    if claim.printed_measure is None:
        return ()
    try:
        return tuple(claim.printed_measure.values(folder))
    except TrisymError:  # not run, or not whole
        return ()


def _by_ours(claim: Claim, folder: Path) -> Judged:
    assert claim.measure is not None  # `judge` has seen to it
    try:
        ours = claim.measure.values(folder)
        as_run = claim.ran_measure.values(folder) if claim.ran_measure else []
    except TrisymError as error:
        return Judged(claim, (), NOT_MEASURED, str(error))
    return Judged(claim, tuple(ours), verdict(claim, ours, as_run), as_run=tuple(as_run))


def judge_shipped(claim: Claim) -> Judged:
    """Judge by the results at hand; again only where a table that the claim reads has changed."""
    return judge_all_shipped([claim])[0]


def judge_all_shipped(wanted: Iterable[Claim]) -> list[Judged]:
    """Judge several claims so, and look at each table once."""
    stamp = cache(results.stamp)
    return [_judged(claim.id, tuple(map(stamp, claim.recipes))) for claim in wanted]


@lru_cache(maxsize=512)  # each claim before and after a change, with room for more claims
def _judged(claim_id: str, stamps: tuple[results.Stamp, ...]) -> Judged:
    return judge(_by_id()[claim_id])


def judge_all(folder: Path = results.RESULTS) -> list[Judged]:
    """Judge all that the thesis states, in its order."""
    return [judge(claim, folder) for claim in claims()]


def as_table(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return judged claims as numbers and plain texts, one row a claim, for a file."""
    return pd.DataFrame(
        {
            "source": row.claim.source,
            "kind": row.claim.kind,
            "place": row.claim.place,
            "section": row.claim.section,
            "claim": row.claim.states,
            "printed": row.claim.printed,
            "as_run": row.claim.ran,
            "ours": row.mean,
            "spread": row.spread,
            "seeds": len(row.ours),
            "interval_low": interval(row.ours)[0],
            "interval_high": interval(row.ours)[1],
            "by_thesis_protocol": _mean(row.by_print),
            "its_seeds": len(row.by_print),
            "paired_p": row.paired.p if row.paired else math.nan,
            "verdict": row.verdict,
            "rule": row.claim.rule,
            "protocol": row.claim.protocol,
            "thesis_protocol": row.claim.printed_protocol,
            "measure": str(row.claim.measure or row.claim.reading),
            "view": row.claim.page,
            "command": row.claim.command,
            "missing": row.why,
        }
        for row in judged
    )
