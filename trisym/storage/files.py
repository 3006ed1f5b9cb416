"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trisym.errors import TrisymError

READABLE = 0o644  # by everybody; mkstemp makes files that only their owner may read


def write_atomically(path: Path, content: bytes, mode: int = READABLE) -> None:
    """Put `content` at `path`: readers see the old file or the new one, never a part.

    Raises TrisymError, with the reason, when the folder can't be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TrisymError(f"{path} can't be written: {error.strerror}.") from error
