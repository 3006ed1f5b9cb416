"""benchmarks/time_to_error.py: what it makes of runs that are known."""

from __future__ import annotations

from benchmarks import time_to_error
from benchmarks.time_to_error import AIMS, Budget
from trisym.training.trainer import Record

AIM = AIMS["cpu"]


def a_run(final: float, seconds: float) -> list[Record]:
    """Side errors that fall as 1/t to the final one."""
    moments = [(seconds * part / 8, final * 8 / part) for part in range(1, 9)]
    return [Record(t, int(100 * t), 1.0, 1.0, error, 0.01, t) for t, error in moments]


def budgets(fast: list[float], idle: list[float]) -> list[Budget]:
    return [
        Budget(recipe, seconds, [a_run(error, seconds) for error in errors])
        for seconds in (AIM.soon, AIM.sure, AIM.long)
        for recipe, errors in (("fast", fast), ("idle units left idle", idle))
    ]


def test_both_recipes_stand_beside_each_other_with_every_seed() -> None:
    found = time_to_error.report(
        AIM, budgets([0.002, 0.001, 0.004], [0.003] * 3), a_run(0.02, 120.0)
    )
    assert found.figures["final side error"]["fast, 12 s"] == [0.001, 0.002, 0.004]
    assert found.figures["final side error"]["idle units left idle, 12 s"] == [0.003] * 3
    row = found.tables[0].rows[0]
    assert (row["median"], row["worst"], row["all"]) == (0.002, 0.004, [0.001, 0.002, 0.004])
    assert row["steps, median"] == 100 * AIM.soon


def test_goals_are_for_the_new_recipe_and_the_worst_seed_counts() -> None:
    found = time_to_error.report(AIM, budgets([0.002, 0.001, 0.004], [0.1] * 3), a_run(0.02, 120.0))
    goals = {goal.goal: goal for goal in found.goals}
    assert goals["side error of `fast` in 12 s, median of 3 seeds"].met
    worst = goals["side error of `fast` in 20 s, worst of 3 seeds"]
    assert (worst.value, worst.met) == (0.004, False)
    assert not goals["side error of `fast` in 60 s, median of 3 seeds"].met


def test_times_to_a_level_are_read_or_extrapolated() -> None:
    """Along e = c/t the level 0.002 is reached at t = c/0.002, beyond the end too."""
    found = time_to_error.report(AIM, budgets([0.001] * 3, [0.004] * 3), a_run(0.02, 120.0))
    reached = found.figures["seconds to side error 0.002, each seed"]
    assert reached["fast, 20 s"] == ["10"] * 3
    assert reached["idle units left idle, 20 s"] == ["40 (extrapolated)"] * 3
    thesis = found.figures["seconds to side error"]["thesis"]
    assert (thesis["0.05"], thesis["0.002"]) == ("60", "1.2e+03 (extrapolated)")
