"""Spoilt parks: never a traceback, never a hang; complaints of one printable line each, or a plan.

The examples are the same in every run. PARKZERO_FUZZ sets how many there are, 1 = as many as all tests try; the quick ones try a fifth.
"""

import shutil
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import judge
from slowly import TIMES
from spoiling import WAYS, Files, Spoil

PARKS = Path(__file__).parents[2] / "data" / "parks"
#: Seconds of processor time in which a park of ordinary size must be answered.
SOON = 20.0

SPOILS = st.lists(
    st.builds(Spoil, st.sampled_from(sorted(WAYS)), st.integers(0, 30), st.integers(0, 200), st.integers(0, 30),
        st.integers(0, 60)),
    min_size=1,
    max_size=3,
)


def shrunken(name: str) -> Files:
    """The files of an example park, its profiles cut to one day."""
    files = {path.name: path.read_bytes() for path in (PARKS / name).iterdir() if path.suffix in (".csv", ".toml")}
    files["profiles.csv"] = b"\n".join(files["profiles.csv"].splitlines()[:25])
    return files


EXAMPLES = {name: shrunken(name) for name in ("lakeside", "steelworks")}
@settings(max_examples=int(120 * TIMES), derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(EXAMPLES)), spoils=SPOILS)
def test_a_spoilt_park_is_refused_in_words_or_can_be_planned(name: str, spoils: list[Spoil]) -> None:
    files = EXAMPLES[name]
    for spoil in spoils:
        files = spoil.apply(files) if files else files
    began = time.process_time()
    folder = Path(tempfile.mkdtemp())
    try:
        for file, content in files.items():
            (folder / file).write_bytes(content)
        judge(folder)
    finally:
        shutil.rmtree(folder)
    assert time.process_time() - began < SOON
