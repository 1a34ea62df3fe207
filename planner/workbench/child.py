"""What starts one command of ours and notes how it ended: it outlives the workbench that started it.

`python -m planner.workbench.child FOLDER WORD…`: the words of the command. What it says stands in FOLDER, in the files `stdout` and
`stderr`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from planner.process.worker import command_of, environment
from planner.tables.place import put


def main(folder: Path, words: list[str]) -> int:
    """Run the command of a job to its end; gives its exit code."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command, which ends with the best plan so far
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        done = subprocess.run(
            [*command_of("planner"), *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment(PYTHONIOENCODING="utf-8"),
            check=False,
        )
    put(folder / "code", str(done.returncode))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
