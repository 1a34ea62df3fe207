"""Time limits on the example parks, beside a number of busy processes: how long each run took, and what it gave.

    python tests/outside/limits.py 2 lakeside:20,30,60,120 steelworks:60,120

runs each example with each limit beside two processes that do nothing but keep a core busy, and prints a line of a table for each. It
needs the machine for itself, and minutes; it is a measurement and no test.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAN = Path(sys.executable).with_name("plan")
HEAD = "| park | limit, s | busy processes | took, s | exit code | target plan | plans to compare with |\n|---|---|---|---|---|---|---|"


def told(out: Path) -> tuple[str, str]:
    """What a run gave: of the target plan, and which others there are."""
    facts = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    plans, days = facts["plans"], facts["typical_days"]
    on = days if isinstance(days, dict) else {"count": days}
    if facts["status"] == "failed":
        return "none", "–"
    held = "holds in every hour" if facts.get("verified") else "not operated in every hour"
    gap = on.get("gap")
    within = "" if gap is None else f", within {gap:.1%}"
    others = [name for name, plan in plans.items() if name != "target" and plan["status"] in ("optimal", "feasible")]
    return f"on {on.get('count')} typical days{within}; {held}", ", ".join(others) or "none"


def run(park: str, limit: float, busy: int, folder: Path) -> str:
    """One run, as a line of the table."""
    out = folder / f"{park}-{limit:g}-{busy}"
    began = time.monotonic()
    done = subprocess.run([PLAN, "--park", folder / park, "--time-limit", str(limit), "--out", out, "--quiet"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=2 * limit + 60)
    took = time.monotonic() - began
    target, others = told(out) if out.is_dir() else ("nothing written", "–")
    return f"| {park} | {limit:g} | {busy} | {took:.1f} | {done.returncode} | {target} | {others} |"


def main() -> None:
    """The runs asked for, one after the other."""
    busy = int(sys.argv[1])
    print(HEAD, flush=True)
    beside = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            for park, _, limits in (word.partition(":") for word in sys.argv[2:]):
                if not Path(folder, park).exists():
                    subprocess.run([PLAN, "new", Path(folder, park), "--from", park], check=True, capture_output=True)
                for limit in limits.split(","):
                    print(run(park, float(limit), busy, Path(folder)), flush=True)
    finally:
        for process in beside:
            process.kill()


if __name__ == "__main__":
    main()
