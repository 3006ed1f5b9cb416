"""A Python script that repeats a run of the library, to the bit where the run can be repeated."""

from __future__ import annotations

from pprint import pformat

from trisym.config import as_dict
from trisym.names import LONGEST
from trisym.storage.run_states import ENDED_EARLY
from trisym.storage.saved_runs import Entry
from trisym.version import __version__

TEMPLATE = '''"""Repeats the training run {name!r}, made with trisym {version}: python {filename}

{promise}
"""

from pathlib import Path

import torch

import trisym
from trisym.config import from_dict
from trisym.storage.cards import make_card

torch.set_num_threads({threads})

config = from_dict(
{config}
)
changes = {changes}  # learning rates that were set while it ran, by step
last_step, last_second = {last_step}, {last_second}  # where it ended, if its budget was not spent

run = trisym.fit(config, records_per_epoch={records_per_epoch})
run.rate = changes.get(0, run.rate)
for record in run:
    print(f"epoch {{record.epoch:.2f}}: loss {{record.train_loss:.5f}}, {{record.side_error:.5f}}")
    if record.step in changes:
        run.rate = changes[record.step]
    if record.step == last_step or (last_second and record.seconds >= last_second):
        break

model = run.model()
metrics = trisym.evaluate(model, config)
card = make_card({again!r}, config, record, metrics, trisym.devices.describe(config.device))
places = (Path(f"{again}{{n}}.safetensors") for n in ("", *(f"-{{i}}" for i in range(2, 10_000))))
place = next(place for place in places if not place.exists())  # nothing is written over
trisym.save(model, card, place)
print(place, metrics)
'''
AGAIN = "-again"  # behind the name of what the script makes
TO_THE_BIT = "On a CPU with the same versions it gives the same weights to the bit."
ON_TIME = (
    "The budget is in seconds, so the number of steps depends on the machine: it gives a run of\n"
    "the same kind, not the same weights. For those, choose a budget in epochs."
)


def filename(entry: Entry) -> str:
    """Return what to call the script."""
    return f"repeat_{''.join(c if c.isalnum() else '_' for c in entry.name)}.py"


def repeat(entry: Entry) -> str:
    """Return the text of a script that trains the same model again and saves it beside itself."""
    timed, ended = entry.config.seconds is not None, entry.status in ENDED_EARLY
    again = f"{entry.name[: LONGEST - len(AGAIN)].rstrip()}{AGAIN}"
    config = pformat(as_dict(entry.config), indent=1, width=90, sort_dicts=False)
    return TEMPLATE.format(
        name=entry.name,
        version=__version__,
        filename=filename(entry),
        promise=ON_TIME if timed else TO_THE_BIT,
        threads=entry.threads,
        config="\n".join(f"    {line}" for line in config.splitlines()),
        changes=dict(entry.changes),
        last_step=entry.steps if ended and not timed else None,
        last_second=entry.seconds if ended and timed else None,
        records_per_epoch=entry.records_per_epoch,
        again=again,
    )
