"""The machines that trisym runs on, said before anything is installed: python trisym/supported.py.

It imports nothing of ours and is written for any Python 3.6: an old one must be able to say so.
"""

import platform
import sys

OLDEST, NEWEST = (3, 11), (3, 14)


def fault(python: tuple, system: str, machine: str) -> str:
    """Return why trisym does not run there; an empty text where it does."""
    if not OLDEST <= tuple(python[:2]) <= NEWEST:
        needed = "from {}.{} to {}.{}".format(*OLDEST, *NEWEST)
        return "trisym needs a Python {}, and this is {}.{}; try: make PYTHON=python3.12".format(
            needed, *python[:2]
        )
    if system == "Darwin" and machine == "x86_64":
        return (
            "trisym needs PyTorch, which is no longer made for Macs with an Intel processor: "
            "use another machine, or a hosted lab (README, Hosting)."
        )
    return ""


if __name__ == "__main__":
    sys.exit(fault(sys.version_info, platform.system(), platform.machine()) or None)
