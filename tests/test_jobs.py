"""Jobs on a real embedded cluster: trained, steered, killed and repeated; nothing left behind."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.errors import ConfigError, TrainingError, TrisymError
from trisym.film import Film, Frame
from trisym.jobs import cluster, dispatcher, queue, script, worker
from trisym.jobs.job import Job
from trisym.jobs.queue import TrainingQueue
from trisym.networks import AutoencoderConfig, PredictorConfig
from trisym.storage import saved_runs
from trisym.storage.checkpoints import from_bytes
from trisym.ui.training import words

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 180
EFFECT_S = 0.3  # how long a visitor's wish may take

SMALL = FitConfig(
    network=AutoencoderConfig(hidden=(16,)), data=DataConfig(n=2000), batch=100, epochs=40
)
LONG = replace(SMALL, epochs=None, seconds=600.0)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("library")
        patch.setenv(saved_runs.HOME, str(folder))
        patch.delenv(cluster.ADDRESS, raising=False)
        yield folder


@pytest.fixture(scope="module")
def runs(home: Path) -> Iterator[TrainingQueue]:
    opened = TrainingQueue(cluster.Embedded())
    yield opened
    opened.close()


def until(true: Callable[[], bool], seconds: float = PATIENCE_S) -> float:
    """Wait, and return how long it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.002)
    return time.monotonic() - begun


@pytest.fixture
def training(runs: TrainingQueue) -> Iterator[Job]:
    """A long run that has begun to train."""
    job = runs.submit(LONG)
    until(lambda: len(job.records) > 2)
    yield job
    runs.stop(job)
    until(lambda: not job.unfinished)


def test_a_run_trains_and_is_kept(runs: TrainingQueue) -> None:
    job = runs.submit(SMALL, "small")
    until(lambda: not job.unfinished)
    assert (job.status, job.message) == ("finished", "")
    assert job.now["epoch"] == 40
    assert job.share == 1
    assert job.records[-1]["step"] == 40 * 16
    assert len(job.film.frames) > 5
    assert Frame.unpack(job.film.frames[0])["step"] == 0
    entry = saved_runs.get(job.id)
    assert (entry.name, entry.epochs, entry.steps) == ("small", 40, 640)
    assert from_bytes(saved_runs.model_bytes(job.id)).card.metrics == entry.metrics
    assert saved_runs.film(job.id).frames == job.film.frames
    losses = saved_runs.history(job.id)["train_loss"]
    assert losses.iloc[-1] < 0.5 * losses.iloc[0]
    assert entry.metrics["side_error"] < Frame.unpack(job.film.frames[1])["side_error"]


def test_a_vae_is_trained_filmed_and_kept(runs: TrainingQueue) -> None:
    """Its film shows the mean; what is kept has the variance too."""
    network = replace(SMALL.network, variational=True)
    job = runs.submit(replace(SMALL, network=network, kl_weight=0.01, epochs=5), "vae")
    until(lambda: not job.unfinished)
    assert (job.status, job.message) == ("finished", "")
    model, card = from_bytes(saved_runs.model_bytes(job.id))
    assert card.config.kl_weight == 0.01
    code = model.code(torch.rand(4, 3, 3))
    assert code.log_variance.shape == code.mean.shape == (4, 3)
    assert job.film.frames


def test_what_is_wished_happens(runs: TrainingQueue, training: Job) -> None:
    for wish in range(2):
        runs.steer(training, paused=True)
        until(lambda: training.status == "paused")
        step = training.now["step"]
        runs.steer(training, paused=False)
        until(lambda step=step: training.status == "running" and training.now["step"] > step)
        runs.steer(training, pace=("slow", "full")[wish], rate=1e-4 * (wish + 1))
        until(lambda made=wish + 1: len(training.changes) == made)
    assert [rate for _, rate in training.changes] == [1e-4, 2e-4]


@pytest.mark.timing
def test_what_is_wished_happens_within_300_ms(runs: TrainingQueue, training: Job) -> None:
    """The median of five, as a busy machine may be late once."""
    pausing, resuming, changing = [], [], []
    for wish in range(5):
        runs.steer(training, paused=True)
        pausing.append(until(lambda: training.status == "paused"))
        step = training.now["step"]
        time.sleep(0.1)
        assert training.now["step"] == step, "it trains while it is paused"
        runs.steer(training, paused=False)
        resuming.append(until(lambda: training.status == "running"))
        runs.steer(training, rate=1e-4 * (wish + 1))
        changing.append(until(lambda made=wish + 1: len(training.changes) == made))
    for seconds in (pausing, resuming, changing):
        assert statistics.median(seconds) < EFFECT_S, seconds
    assert training.changes[-1][1] == 5e-4


@pytest.mark.timing
def test_slow_is_slower(runs: TrainingQueue, training: Job) -> None:
    def records_in(seconds: float) -> float:
        step = training.now["step"]
        time.sleep(seconds)
        return training.now["step"] - step

    full = records_in(1.5)
    runs.steer(training, pace="very slow")
    time.sleep(0.2)
    assert records_in(1.5) < full / 3
    assert training.status == "running"


def test_a_stopped_run_keeps_its_model(runs: TrainingQueue) -> None:
    job = runs.submit(LONG, "stopped early")
    until(lambda: len(job.records) > 2)
    runs.stop(job)
    until(lambda: not job.unfinished)
    assert job.status == "stopped"
    assert saved_runs.get(job.id).steps == job.records[-1]["step"]
    assert saved_runs.model_path(job.id).exists()


def test_one_at_a_time_and_the_place_in_the_queue(runs: TrainingQueue, training: Job) -> None:
    second, third = runs.submit(SMALL), runs.submit(SMALL)
    assert [runs.place(job) for job in (training, second, third)] == [0, 1, 2]
    told = len(training.records)
    until(lambda: len(training.records) > told + 2)  # the worker goes on with the first
    assert (second.status, third.status) == ("queued", "queued")
    runs.stop(second)
    assert second.status == "cancelled"
    assert runs.place(third) == 1
    runs.stop(training)
    until(lambda: third.status == "finished")
    assert second.records == []


def test_a_class_waits_for_its_teacher(runs: TrainingQueue, training: Job) -> None:
    ann, stranger, bob = (
        runs.submit_together([SMALL], [""], room=room)[0] for room in ("BCDF", "", "BCDF")
    )
    (teacher,) = runs.submit_together([SMALL], [""], room="BCDF", leads=True)
    (elsewhere,) = runs.submit_together([SMALL], [""], room="GHJK", leads=True)
    order = sorted((ann, stranger, bob, teacher, elsewhere), key=lambda job: job.number)
    assert order == [teacher, ann, stranger, bob, elsewhere]
    for job in (ann, stranger, elsewhere):
        runs.stop(job)
    runs.stop(training)
    until(lambda: not bob.unfinished)
    assert teacher.status == "finished"  # it was asked for last, and came first


def test_a_run_may_be_paused_before_it_starts(runs: TrainingQueue, training: Job) -> None:
    waiting = runs.submit(SMALL)
    runs.steer(waiting, paused=True, pace="slow")
    runs.stop(training)
    until(lambda: waiting.status == "paused")
    assert waiting.now.get("step", 0.0) == 0
    runs.steer(waiting, paused=False, pace="full")
    until(lambda: waiting.status == "finished")


def test_a_killed_worker_goes_on_from_its_saved_state(runs: TrainingQueue, training: Job) -> None:
    until(lambda: any(saved_runs.home().glob(f"scratch/*/{training.id}/*.state")))
    until(lambda: training.now["seconds"] > 2.5)
    pid, step = training.pid, training.now["step"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: training.attempts == 2 and training.now["step"] > step)
    assert training.pid != pid
    assert "Its worker was lost; the run went on from epoch" in training.message
    steps = [record["step"] for record in training.records]
    assert steps == sorted(set(steps)), "what was lost is told twice"
    assert training.film.steps == sorted(set(training.film.steps))


def test_a_run_that_kills_its_workers_is_given_up_with_its_last_state(
    runs: TrainingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "MOST_ATTEMPTS", 1)
    job, other = runs.submit(LONG, "killer"), runs.submit(SMALL)
    until(lambda: any(saved_runs.home().glob(f"scratch/*/{job.id}/*.state")))
    os.kill(job.pid, signal.SIGKILL)
    until(lambda: not job.unfinished)
    assert job.status == "failed"
    assert "It lost 1 workers (killed by signal 9" in job.message
    assert "This is the network as it was at epoch" in job.message
    entry = saved_runs.get(job.id)
    card = from_bytes(saved_runs.model_bytes(job.id)).card
    assert (card.name, card.steps, card.epochs) == ("killer", entry.steps, entry.epochs)
    assert entry.steps == job.records[-1]["step"] > 0
    assert entry.metrics["side_error"] > 0
    assert saved_runs.film(job.id).last_step <= entry.steps
    until(lambda: other.status == "finished")
    assert not any(saved_runs.home().glob(f"scratch/*/{job.id}"))


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB"), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't"), True),
        (MemoryError(), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
    ],
)
def test_a_device_out_of_memory_is_told_from_other_faults(
    error: Exception, is_memory: bool
) -> None:
    assert worker._is_out_of_memory(error) is is_memory


def test_a_loss_that_explodes_is_a_sentence(runs: TrainingQueue) -> None:
    wild = replace(SMALL, loss="mse", optimizer="adam", lr=10.0, schedule="constant", warmup=0.0)
    wild = replace(wild, network=AutoencoderConfig(hidden=(64,) * 4, activation="linear"))
    job, other = runs.submit(replace(wild, epochs=3000)), runs.submit(SMALL)
    until(lambda: job.status != "queued" and (len(job.records) > 0 or not job.unfinished))
    until(lambda: not job.unfinished)
    assert job.status == "failed"
    assert "Try a smaller rate" in job.message
    until(lambda: other.status == "finished")


def test_a_library_that_cannot_be_written_loses_no_model(
    runs: TrainingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> saved_runs.Entry:
        raise TrisymError("The disk is full.")

    monkeypatch.setattr(saved_runs, "add", full)
    job = runs.submit(SMALL)
    until(lambda: not job.unfinished)
    assert (job.status, job.message, job.kept) == ("finished", "The disk is full.", False)
    assert from_bytes(job.model or b"").card.name == job.name


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (replace(SMALL, network=PredictorConfig()), "trains autoencoders"),
        (replace(SMALL, network=AutoencoderConfig(hidden=(4096, 4096))), "MB is the most"),
        (replace(SMALL, device="cuda"), "no device 'cuda'"),
    ],
)
def test_what_cannot_be_trained_is_refused(
    runs: TrainingQueue, config: FitConfig, sentence: str
) -> None:
    with pytest.raises(TrisymError, match=sentence):
        runs.submit(config)


@pytest.mark.parametrize("rate", [float("nan"), 0.0, -1.0, 1e9])
def test_a_rate_that_is_none_is_refused(runs: TrainingQueue, training: Job, rate: float) -> None:
    with pytest.raises(ConfigError, match="lr must be a number"):
        runs.steer(training, rate=rate)
    assert training.control.rate is None


def test_no_scheduler_at_the_address_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cluster.ADDRESS, "tcp://127.0.0.1:9")
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(TrainingError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9"):
        cluster.connect()


@pytest.mark.parametrize("stopped", [False, True])
def test_the_script_repeats_a_run_to_the_bit(
    runs: TrainingQueue, tmp_path: Path, stopped: bool
) -> None:
    """With learning rates that were set before it began and on the way; where it was stopped."""
    job = runs.submit(replace(SMALL, epochs=150), "again")
    runs.steer(job, rate=2e-2)
    until(lambda: len(job.records) > 2)
    assert job.changes == [(0, 2e-2)]
    runs.steer(job, rate=3e-3)
    until(lambda: len(job.changes) == 2)
    steps = job.now["step"]
    until(lambda: job.now["step"] > steps)
    if stopped:
        runs.stop(job)
    until(lambda: not job.unfinished)
    assert job.status == ("stopped" if stopped else "finished")
    entry = saved_runs.get(job.id)
    own = tmp_path / f"{entry.name}.safetensors"
    own.write_bytes(b"mine")
    (tmp_path / "again.py").write_text(script.repeat(entry), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "again.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first = safetensors.torch.load(saved_runs.model_bytes(job.id))
    again = safetensors.torch.load((tmp_path / f"{entry.name}-again.safetensors").read_bytes())
    assert own.read_bytes() == b"mine", "it wrote over the model beside it"
    assert all((first[name] == again[name]).all() for name in first)


def test_the_script_of_a_run_in_seconds_ends_at_the_second_where_it_was_stopped() -> None:
    """Its schedule follows the seconds, so that a step would be another moment of it."""
    entry = saved_runs.Entry("01234567", "a", "stopped", saved_runs.now(), LONG)
    timed = script.repeat(replace(entry, steps=500, seconds=12.5))
    assert "last_step, last_second = None, 12.5" in timed
    whole = script.repeat(replace(entry, steps=500, seconds=600.0, status="finished"))
    assert "last_step, last_second = None, None" in whole


def test_no_process_outlives_the_app(tmp_path: Path) -> None:
    """Not even where the app is killed in the middle of a training."""
    code = (
        "import time\n"
        "from tests.test_jobs import LONG\n"
        "from trisym.jobs.queue import open_queue\n"
        "job = open_queue().submit(LONG)\n"
        "while not job.records: time.sleep(0.01)\n"
        "print(job.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, saved_runs.HOME: str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert app.stdout
    worker = int(app.stdout.readline())
    app.kill()
    app.wait()
    app.stdout.close()
    until(lambda: not _runs(worker))


def _runs(pid: int) -> bool:
    """Whether the process is there, and more than a zombie that nobody has collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_job_of_this_process_is_found_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queue.find("01234567") is None
    assert queue.jobs() == []


def test_a_film_on_its_way_can_be_cut() -> None:
    assert Film().until(5.0).frames == []
    assert Film().last_step == -1


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "cancelled"])
def test_a_run_may_end_while_its_page_is_drawn(status: str) -> None:
    job = Job("01234567", "sides-h3", SMALL, "cpu", 1, status=status)
    assert words.standing(job) == status
