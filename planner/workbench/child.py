"""What starts one command of ours and notes how it ended: it outlives the workbench that started it.

`python -m planner.workbench.child FOLDER`, where FOLDER holds job.json. What the command says stands in the files `stdout` and
`stderr`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from planner.process.worker import command_of, environment
from planner.workbench.lock import began


def main(folder: Path) -> int:
    """Run the command of a job to its end; gives its exit code."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command, which ends with the best plan so far
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    written(folder / "process", json.dumps({"pid": os.getpid(), "began": began(os.getpid())}))
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        command = [*command_of("planner"), *job["command"]]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=job["root"],
            env=environment(PYTHONIOENCODING="utf-8"),
            check=False,
        )
    written(folder / "code", str(done.returncode))
    return done.returncode


def written(path: Path, text: str) -> None:
    """Write a small file in one step."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
