"""Training as jobs on a Dask cluster: hand in, watch, pause, stop; nothing here blocks a page.

`desk.open_desk().submit(config)` returns a Job that fills up with records and frames while it runs.
Dask and torch are imported with `trisym.jobs.desk`, not with this package.
"""
