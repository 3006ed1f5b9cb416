"""The claims about speed, runnable: one file a benchmark, each with `run() -> Report`."""
