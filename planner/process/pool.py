"""So many processes of our own, each of which does one thing after the other: points of a frontier, questions, ranked figures.

Threads ask for a process that is free, so there are as many threads as processes, and what ends one of them ends all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar


class PooledProcess(Protocol):
    """A process of a pool."""

    def end(self) -> None:
        """End it, whatever it does."""


AnyMember = TypeVar("AnyMember", bound=PooledProcess)


class Pool(Generic[AnyMember]):
    """Processes that start as it is entered, and end as it is left.

    members  the processes, by their number
    """

    def __init__(self, start: Callable[[int], AnyMember], count: int) -> None:
        """`start`: gives the process of a number."""
        self._start, self._count = start, count
        self.members: list[AnyMember] = []
        self._idle: SimpleQueue[AnyMember] = SimpleQueue()

    def __enter__(self) -> Pool[AnyMember]:
        for number in range(self._count):
            self.members.append(self._start(number))
            self._idle.put(self.members[-1])
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End all processes, whatever they do."""
        for member in self.members:
            member.end()

    @contextmanager
    def ended(self) -> Iterator[None]:
        """What ends the block by an exception ends the processes first: threads that are waited for wait for them."""
        try:
            yield
        except BaseException:
            self.end()
            raise

    @contextmanager
    def free(self) -> Iterator[AnyMember]:
        """A process that does nothing, once there is one; nobody else is given it in the block."""
        member = self._idle.get()
        try:
            yield member
        finally:
            self._idle.put(member)
