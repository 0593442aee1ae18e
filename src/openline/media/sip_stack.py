"""The one module that knows how sippy works inside: its thread, its transactions, and its habit of printing.

sippy 2.5 brings sockets, worker threads and an event loop that wakes 100 times a second. None of that is used: bytes
come from `sip_door` on the node's event loop and go back to it, and a plain thread waits for the next message or the
next timer. Everything of sippy runs in that one thread; `post` is the only way in, and what it tells goes out by the
node loop's `call_soon_threadsafe`. sippy keeps its timers in one place for the whole process, so the thread is shared
by all who `join` it.

sippy catches what its own code raises over a malformed message, and prints it. Here it is told to whoever posted the
message instead. What is used of sippy and not promised by it is held by tests/media/test_sip_stack.py.
"""

from __future__ import annotations

import asyncio
import sys
from collections import OrderedDict
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread, get_ident
from typing import ClassVar, Protocol

from sippy import SipMsg, SipRequest, SipResponse, SipTransactionManager, SipURL, UacStateRinging, UacStateTrying
from sippy.Core import EventDispatcher
from sippy.Network_server import Network_server_opts, Remote_address
from sippy.SipConf import SipConf
from sippy.Time.MonoTime import MonoTime
from sippy.Time.Timeout import Timeout

from openline.base.limits import SIP_SEEN_MAX, SIP_TRANSACTIONS_MAX, SIP_WAITING_MAX

Fault = Callable[[str], None]
"""Told when a message was too much for sippy; the text names what went wrong, never what the message said."""

_TALKATIVE = (SipMsg, SipRequest, SipResponse, SipTransactionManager, SipURL, UacStateRinging, UacStateTrying)
_COMPACT_ABOVE = 64
_FORGET_AFTER_S = 32.0
_TO_STRANGERS = frozenset({401, 403, 405, 481})


class Wire(Protocol):
    """Where what we say goes: to one address, over one socket or connection. Called in sippy's thread."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the phone's end."""

    @property
    def own(self) -> tuple[str, int]:
        """Host and port of ours."""

    @property
    def secure(self) -> bool:
        """Whether it is TLS."""

    def write(self, data: bytes) -> None:
        """Put a message on its way."""


class Flow:
    """A wire as sippy wants its servers to be. What is said goes back where the phone spoke from, whatever it wrote."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.transport = "tls" if wire.secure else "udp"
        self.uopts = Network_server_opts(wire.own, None)

    def getSIPaddr(self) -> tuple[tuple[str, int], str]:  # noqa: N802 - a name of sippy
        """Our own address, as it stands in headers."""
        return _written(self.wire.own), self.transport

    def addr2str(self, _address: object) -> str:
        """For a log that nobody keeps."""
        return self.transport

    def send_to(self, data: str | bytes, _address: object = None, delayed: bool = False) -> None:  # noqa: ARG002 - sippy's own signature
        """Send, wherever the headers point."""
        self.wire.write(data if isinstance(data, bytes) else data.encode())


def _written(address: tuple[str, int]) -> tuple[str, int]:
    host, port = address
    return (f"[{host}]" if ":" in host else host, port)


class SipThread:
    """The thread sippy runs in. `join` and `leave` count those who need it; the last one ends it."""

    _shared: ClassVar[SipThread | None] = None
    _users: ClassVar[int] = 0
    _last: ClassVar[Thread | None] = None
    _lock: ClassVar[Lock] = Lock()

    def __init__(self) -> None:
        """Made by `join`. It runs at once."""
        self._jobs: SimpleQueue[tuple[Fault, Callable[[], None]] | None] = SimpleQueue()
        self._fault: Fault = _unheard
        SipThread._last = Thread(target=self._run, args=(SipThread._last,), name="sip", daemon=True)
        SipThread._last.start()

    @classmethod
    def join(cls) -> SipThread:
        """The thread of this process, started when there is none."""
        with cls._lock:
            if cls._shared is None:
                cls._shared = SipThread()
            cls._users += 1
            return cls._shared

    def leave(self) -> None:
        """We need it no more. It works off what has been posted, and ends when nobody else needs it."""
        with SipThread._lock:
            SipThread._users -= 1
            if not SipThread._users:
                SipThread._shared = None
                self._jobs.put(None)

    def post(self, fault: Fault, job: Callable[[], None]) -> bool:
        """Run `job` in the thread; False when so much is waiting that it was dropped. For what strangers send."""
        if self._jobs.qsize() >= SIP_WAITING_MAX:
            return False
        self._jobs.put((fault, job))
        return True

    def order(self, fault: Fault, job: Callable[[], None]) -> None:
        """Run `job` in the thread, however much is waiting. For what we want ourselves."""
        self._jobs.put((fault, job))

    def _run(self, before: Thread | None) -> None:
        if before is not None:
            before.join()  # sippy's timers are one heap
        timers = EventDispatcher.ED2
        timers.my_ident = get_ident()
        timers.endloop = False
        for module in (*_TALKATIVE, EventDispatcher):
            vars(module)["print"] = _quiet
        for module in (SipTransactionManager, EventDispatcher):
            vars(module)["dump_exception"] = self._caught
        SipConf.my_uaname = "openline"
        while True:
            try:
                job = self._jobs.get(timeout=self._until_timer(timers))
                if job is None:
                    break
                self._fault = job[0]
                timers.dispatchThreadCallback(job[1], ())
                self._fault = _unheard
            except Empty:
                pass
            timers.last_ts = MonoTime()
            timers.dispatchTimers()
        timers.tlisteners.clear()
        timers.twasted = 0

    def _until_timer(self, timers: EventDispatcher.EventDispatcher2) -> float | None:
        """Seconds to the next timer of sippy; None when there is none. Timers that were cancelled are swept out."""
        listeners = timers.tlisteners
        if timers.twasted * 2 > len(listeners) > _COMPACT_ABOVE:
            listeners[:] = sorted(one for one in listeners if one.cb_func is not None)
            timers.twasted = 0
        return max(0.0, float(listeners[0].etime.monot - MonoTime().monot)) if listeners else None

    def _caught(self, message: str, *_: object, **__: object) -> None:
        """In place of sippy's printing. The exception being handled says what was wrong; the message stays untold."""
        kind = sys.exc_info()[0]
        self._fault(kind.__name__ if kind is not None else message[:40])


def _quiet(*_: object, **__: object) -> None:
    """In place of `print` in sippy's modules."""


def _unheard(_what: str) -> None:
    """Nobody posted it: a timer."""


class _Bounded(OrderedDict[bytes, object]):
    """sippy's memory of what it has seen, with an end."""

    def __setitem__(self, key: bytes, value: object) -> None:
        super().__setitem__(key, value)
        if len(self) > SIP_SEEN_MAX:
            self.popitem(last=False)


class _NoSockets:
    """In place of sippy's own sockets, one for each address."""

    def rotateCache(self) -> None:  # noqa: N802 - a name of sippy
        """There is none."""

    def shutdown(self) -> None:
        """There is nothing to close."""


class _NoLog:
    """In place of sippy's own log, which holds whole messages."""

    def write(self, *_: object, **__: object) -> None:
        """Nothing is written."""


class Transactions(SipTransactionManager.SipTransactionManager):  # type: ignore[misc] # sippy has no types
    """sippy's transactions without its sockets, and with an end to what it remembers. In sippy's thread alone."""

    def __init__(self, own: tuple[str, int], receive: Callable[..., object]) -> None:
        """In place of sippy's, which opens sockets."""
        self.config: dict[str, object] = {
            "_sip_address": own[0],
            "_sip_port": own[1],
            "_sip_logger": _NoLog(),
            "_sip_tm": self,
            "nh_addr": own,
        }
        self.global_config = self.config
        self.l4r = _NoSockets()
        self.tclient: dict[object, object] = {}
        self.tserver: dict[object, SipTransactionManager.SipTransaction] = {}
        self.req_consumers: dict[str, object] = {}
        self.l1rcache, self.l2rcache = _Bounded(), _Bounded()
        self.req_cb = receive
        self.init_time = 0.0
        self.cp_timer = Timeout(self.rCachePurge, _FORGET_AFTER_S, -1)

    @property
    def full(self) -> bool:
        """Whether no new transaction is taken."""
        return len(self.tserver) >= SIP_TRANSACTIONS_MAX

    def rCachePurge(self) -> None:  # noqa: N802 - a name of sippy
        """Forget what was seen the time before last."""
        super().rCachePurge()
        self.l1rcache = _Bounded()

    def incomingRequest(  # noqa: N802 - a name of sippy
        self, msg: SipRequest.SipRequest, checksum: bytes, tids: object, server: Flow
    ) -> None:
        """A request. One that sippy stumbles over leaves nothing behind."""
        whole = False
        try:
            super().incomingRequest(msg, checksum, tids, server)
            whole = True
        finally:
            if not whole:
                self._forget(msg.getTId(wBRN=True))

    def sendResponse(  # noqa: N802 - a name of sippy
        self,
        resp: SipResponse.SipResponse,
        t: SipTransactionManager.SipTransaction = None,
        *more: object,
        **named: object,
    ) -> None:
        """An answer. A stranger gets his and is forgotten: no transaction waits for him to say that he heard it."""
        super().sendResponse(resp, t, *more, **named)
        tid = t.tid if t is not None and resp.getSCode()[0] in _TO_STRANGERS else None
        if tid is not None and self.tserver.get(tid) is t:
            self._forget(tid)

    def _forget(self, tid: object) -> None:
        transaction = self.tserver.pop(tid, None)
        if transaction is not None:
            for name in ("teA", "teD", "teE", "teF"):
                timer = getattr(transaction, name)
                if timer is not None:
                    timer.cancel()
            transaction.cleanup()

    def take(self, text: str, flow: Flow) -> None:
        """A message that came in over `flow`."""
        self.handleIncoming(text, Remote_address(_written(flow.wire.address), flow.transport), flow, MonoTime())


class LoopWire:
    """A wire whose writing is done by the event loop, since only it may touch the sockets.

    `proved` is whether a phone has shown its password over it.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        own: tuple[str, int],
        address: tuple[str, int],
        send: Callable[[bytes], None],
        *,
        secure: bool,
    ) -> None:
        self.own, self.address, self.secure = own, address, secure
        self.proved = False
        self._loop = loop
        self._send = send

    def write(self, data: bytes) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._send, data)
