"""One writer of a folder: a lock file that names process and machine. Who comes second reads only."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

#: The lock, in what the workbench keeps for itself.
LOCK = "lock"


@dataclass(frozen=True)
class Holder:
    """Who writes: a machine, a process there, and when that process began: another may have the same number later."""

    host: str
    pid: int
    began: str

    @property
    def is_gone(self) -> bool:
        """True if the process has certainly ended. A process of another machine cannot be looked at: False."""
        return self.host == socket.gethostname() and began(self.pid) != self.began


def here() -> Holder:
    """This process."""
    return Holder(socket.gethostname(), os.getpid(), began(os.getpid()))


def began(pid: int) -> str:
    """When a process of this machine began, as its system counts; '' where there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return "" if fields[0] in ("Z", "X") else fields[19]
    except (OSError, IndexError):
        return _is_alive(pid) if not os.path.isdir("/proc/self") else ""


def _is_alive(pid: int) -> str:
    """Where a system does not tell when a process began: whether it is there."""
    try:
        os.kill(pid, 0)
    except (OSError, ValueError):
        return ""
    return "there"


def held_by(folder: Path) -> Holder | None:
    """Who holds the lock of a folder; None where nobody does."""
    try:
        return Holder(**json.loads((folder / LOCK).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def take(folder: Path) -> Holder | None:
    """Take the lock of a folder; gives who holds it, None where we do now.

    The file appears whole, by a link to one of our own. One that a killed process left is put aside first.
    """
    own = folder / f"{LOCK}.{os.getpid()}"
    try:
        own.write_text(json.dumps(asdict(here())), encoding="utf-8")
        for _ in range(3):
            with suppress(FileExistsError):
                os.link(own, folder / LOCK)
                return None
            holder = held_by(folder)
            if holder is not None and not holder.is_gone:
                return holder
            with suppress(FileNotFoundError):
                (folder / LOCK).rename(folder / f"{LOCK}.old")
        return held_by(folder) or Holder("", 0, "")
    finally:
        own.unlink(missing_ok=True)


def release(folder: Path) -> None:
    """Give the lock back, where it is ours."""
    if held_by(folder) == here():
        (folder / LOCK).unlink(missing_ok=True)
