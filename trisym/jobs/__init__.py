"""Training as jobs on a Dask cluster: submit, watch, pause, stop; nothing here blocks a page.

`queue.open_queue().submit(config)` returns a Job that fills up with records and frames while it
runs. Dask and torch are imported with `trisym.jobs.queue`, not with this package.
"""
