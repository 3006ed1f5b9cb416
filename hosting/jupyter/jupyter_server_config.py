"""Offers the app in JupyterLab, for each user of a JupyterHub alone: see README, Hosting.

Put it into /etc/jupyter/ of the users' machine or image, beside an installed trisym, Jupyter and
jupyter-server-proxy; the app is then at …/user/NAME/trisym/ and in the launcher.
"""

c = get_config()  # noqa: F821 (Jupyter's)

c.ServerProxy.servers = {
    "trisym": {
        "command": [
            *("trisym", "app"),
            "--server.port={port}",
            "--server.address=127.0.0.1",
            "--server.baseUrlPath={base_url}trisym",
        ],
        "absolute_url": True,  # Jupyter hands addresses over whole
        "timeout": 60,
        "launcher_entry": {"title": "trisym"},
    }
}
