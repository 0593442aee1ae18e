"""The world of one run: virtual time, seeded chance, what has happened, and what must not have.

Time passes only when nothing is left to do at this moment; then it jumps to the next thing planned. So a run of
minutes takes a second, and the same seed gives the same run, to the byte: `digest` is over everything that happened.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappush
from typing import Protocol, TypeVar, cast

from openline.store.memory import Crash

T = TypeVar("T")

SECOND_US = 1_000_000
_VIOLATIONS_MAX = 20
_STEPS_MAX = 100_000
_THREAD_S = 0.0004


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio with nothing below it: no sockets, no threads, and a clock that waits for nobody."""

    def __init__(self) -> None:
        super().__init__()
        self._time = 0.0
        self._selector = _NothingToWaitFor(self)
        self.steps = 0
        self.restless: Callable[[], None] = lambda: None
        self._planned = 0

    def time(self) -> float:
        """Virtual seconds since the run began."""
        return self._time

    def call_at(
        self, when: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As in asyncio, but what is planned for one and the same moment happens in the order it was planned in.

        A session and a thread rely on that: they keep order, and their next step is often due at once.
        """
        self._planned += 1
        timer = _Planned(when, callback, args, self, context)
        timer.place = self._planned
        heappush(self._scheduled, timer)  # type: ignore[attr-defined] # typeshed hides it
        timer._scheduled = True  # type: ignore[attr-defined] # typeshed hides it
        return timer

    def jump(self, waiting: bool) -> None:
        """Be at the time of the next thing planned. `waiting` says that nothing can be done before it."""
        self.steps += 1
        if self.steps == _STEPS_MAX:
            self.restless()
        assert self.steps < 2 * _STEPS_MAX, "nothing stops it"
        planned = cast("list[asyncio.TimerHandle]", self._scheduled)  # type: ignore[attr-defined] # typeshed hides it
        if waiting:
            assert planned, "nothing will ever happen again, and somebody still waits"
            self._time = max(self._time, planned[0].when())

    def hold_up(self, seconds: float) -> None:
        """Something does not return for so long; everything planned meanwhile is late."""
        self._time += seconds

    def run_in_executor(self, executor: object, func: Callable[..., object], *args: object) -> asyncio.Future[object]:  # type: ignore[override] # a simulated thread
        """Have a simulated thread (`work(done, do)`) do it a little later; without one, do it here."""
        done: asyncio.Future[object] = self.create_future()
        if executor is None:
            self.call_soon(lambda: done.set_result(func(*args)))
        else:
            self.call_later(_THREAD_S, cast("Thread", executor).work, done, lambda: func(*args))
        return done

    def _process_events(self, event_list: list[object]) -> None:
        assert not event_list

    def _write_to_self(self) -> None:
        """There is no other thread to wake this one for."""


class _Planned(asyncio.TimerHandle):
    """Something planned; `place` is how many were planned before it."""

    __slots__ = ("place",)

    place: int

    def __lt__(self, other: object) -> bool:
        assert isinstance(other, _Planned)
        return (self.when(), self.place) < (other.when(), other.place)


class Thread(Protocol):
    """What may stand in the place of an executor."""

    def work(self, done: asyncio.Future[object], do: Callable[[], object]) -> None:
        """Do it, and answer in `done`."""
        ...


class _NothingToWaitFor:
    """The place of a selector: instead of waiting, time jumps."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[object]:
        self._loop.jump(waiting=timeout is None or timeout > 0)
        return []


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must never be: which rule, what was seen, and when (virtual microseconds)."""

    rule: str
    what: str
    at_us: int

    def __str__(self) -> str:
        return f"{self.rule} at {self.at_us / SECOND_US:.3f} s: {self.what}"


class World:
    """One run. Mutable; everything in it belongs to this run alone.

    `counts` says how often each fault class and each thing worth counting has happened.
    """

    def __init__(self, seed: int, verbose: bool = False) -> None:
        self.seed = seed
        self.verbose = verbose
        self.loop = VirtualLoop()
        self.loop.set_exception_handler(self._failed)
        self.loop.restless = self._restless
        self.counts: Counter[str] = Counter()
        self.violations: list[Violation] = []
        self.wrong = asyncio.Event()
        self.over = False
        self._trace = blake2b(digest_size=16)
        self._numbers = 0

    @property
    def now_us(self) -> int:
        """Virtual microseconds since the run began."""
        return round(self.loop.time() * SECOND_US)

    @property
    def digest(self) -> str:
        """What stands for everything that has happened so far."""
        return self._trace.hexdigest()

    def chance(self, name: str) -> random.Random:
        """A source of chance of its own for `name`, so that a change in one place does not shift all others."""
        return random.Random(f"{self.seed}/{name}")

    def number(self) -> int:
        """A number nobody else has."""
        self._numbers += 1
        return self._numbers

    def spawn(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Begin a task of the world's own; an error in it is a violation, whoever waits for it or not."""
        task = self.loop.create_task(work)
        task.add_done_callback(self._look_at)
        return task

    def _look_at(self, task: asyncio.Task[T]) -> None:
        why = None if task.cancelled() else task.exception()
        if why is not None:
            self.violate("no-broken-invariant", f"{task.get_coro()}: {why!r}{_where(why)}")

    def later(self, seconds: float, do: Callable[[], object]) -> asyncio.TimerHandle:
        """Have `do` called when `seconds` have passed."""
        return self.loop.call_later(seconds, do)

    def note(self, *facts: str | int) -> None:
        """Something has happened: it becomes part of the digest, and is shown when asked for."""
        text = " ".join(map(str, facts))
        self._trace.update(f"{self.now_us} {text}\n".encode())
        self.show(text)

    def show(self, *texts: str) -> None:
        """Print for who follows the run; not part of the digest."""
        if self.verbose:
            print(f"{self.loop.time():11.6f}  {' '.join(texts)}", flush=True)

    def note_bytes(self, data: bytes) -> None:
        """The same for bytes that nobody wants to read."""
        self._trace.update(b"%d" % self.now_us)
        self._trace.update(data)

    def fire(self, fault: str, *facts: str | int) -> None:
        """A fault of this class has taken effect."""
        self.counts[fault] += 1
        self.note("FAULT", fault, *facts)

    def violate(self, rule: str, what: str) -> None:
        """A rule is broken, unless the run is over and only being cleared away."""
        if self.over:
            return
        self.note("VIOLATION", rule, what)
        if len(self.violations) < _VIOLATIONS_MAX:
            self.violations.append(Violation(rule, what, self.now_us))
        self.wrong.set()

    def check(self, held: bool, rule: str, what: str) -> None:
        """`rule` must hold."""
        if not held:
            self.violate(rule, what)

    def _restless(self) -> None:
        self.violate("comes-to-rest", f"{_STEPS_MAX} steps and no end: something answers itself for ever")

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        why = context.get("exception")
        if isinstance(why, Crash):
            return  # The process ended there, as planned; its machine knows.
        where = _where(why) if isinstance(why, BaseException) else ""
        self.violate("no-broken-invariant", f"{context.get('message')}: {why!r}{where}")


def _where(why: BaseException) -> str:
    last = why.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f" in {last.tb_frame.f_code.co_qualname}:{last.tb_lineno}"
