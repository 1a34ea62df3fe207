"""A browser without a window: what it posts comes from a page of ours, as it says itself."""

from __future__ import annotations

from starlette.testclient import TestClient

from planner.workbench.bench import Bench
from planner.workbench.guard import make_app

HOST = "127.0.0.1:8123"


class Client(TestClient):
    """A browser: what it posts comes from a page of ours, as it says itself."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(make_app(bench, frozenset({HOST})), base_url=f"http://{HOST}", raise_server_exceptions=False,
            follow_redirects=False)
        self.bench = bench

    def sends(self, path: str, **given):
        """A POST as our own pages make it."""
        return self.post(path, headers={"origin": f"http://{HOST}", "sec-fetch-site": "same-origin", **given.pop("headers", {})},
            **given)

    def enters(self) -> Client:
        """The same, known."""
        assert self.get(f"/enter?token={self.bench.sessions.token()}").status_code == 303
        return self
