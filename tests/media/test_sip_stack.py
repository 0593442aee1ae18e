"""What is used of sippy without its promise; a new version that changes one of these fails here first."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from importlib.metadata import version

import pytest
from sippy import SipTransactionManager
from sippy.Core import EventDispatcher
from sippy.Time.Timeout import Timeout

from openline.base.limits import SIP_SEEN_MAX, SIP_WAITING_MAX
from openline.media.sip_stack import Flow, LoopWire, SipThread, Transactions, _Bounded

Run = Callable[[Coroutine[object, None, None]], None]


def unexpected(what: str) -> None:
    raise AssertionError(what)


@pytest.fixture
def thread() -> SipThread:
    """The thread, which ends with the test."""
    return SipThread.join()


def test_it_is_the_version_this_was_written_against() -> None:
    assert version("sippy").startswith("2.5.")


def test_what_we_put_in_place_of_its_own_start_is_all_of_it() -> None:
    """`Transactions` does not call sippy's constructor; so what that sets must be what ours sets."""
    names = SipTransactionManager.SipTransactionManager.__init__.__code__.co_names
    assert set(names) == {
        *("global_config", "local4remote", "handleIncoming", "model_udp_server", "l4r", "ploss_out_rate"),
        *("pdelay_out_max", "tclient", "tserver", "req_cb", "l1rcache", "l2rcache", "req_consumers"),
        *("Timeout", "rCachePurge", "cp_timer", "monotonic", "init_time"),
    }


def test_jobs_and_timers_run_in_one_thread_without_polling(thread: SipThread) -> None:
    seen: list[str] = []
    done = threading.Event()

    def ring() -> None:
        seen.append(threading.current_thread().name)
        done.set()

    def job() -> None:
        seen.append(threading.current_thread().name)
        Timeout(ring, 0.05)

    thread.order(unexpected, job)
    assert done.wait(60)
    assert seen == ["sip", "sip"]
    thread.leave()


def test_a_thread_with_nothing_to_do_costs_nothing(thread: SipThread) -> None:
    begun, waited = threading.Event(), threading.Event()
    cpu_s: list[float] = []

    def job() -> None:
        EventDispatcher.ED2.tlisteners.clear()
        Timeout(after, 0.3)
        cpu_s.append(time.thread_time())
        begun.set()

    def after() -> None:
        cpu_s.append(time.thread_time())
        waited.set()

    thread.order(unexpected, job)
    assert begun.wait(60)
    assert waited.wait(60)
    assert cpu_s[1] - cpu_s[0] < 0.05, "sippy's own loop wakes 100 times a second"
    thread.leave()


def test_what_a_job_raises_is_told_and_the_thread_goes_on(thread: SipThread, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    done = threading.Event()
    thread.order(told.append, lambda: unexpected("boom"))
    thread.order(unexpected, done.set)
    assert done.wait(60)
    assert told == ["AssertionError"]
    assert capfd.readouterr() == ("", "")
    thread.leave()


def test_of_what_strangers_send_only_so_much_waits(thread: SipThread) -> None:
    hold, begun = threading.Event(), threading.Event()

    def busy() -> None:
        begun.set()
        hold.wait(60)

    thread.order(unexpected, busy)
    assert begun.wait(60)
    posted = [thread.post(unexpected, lambda: None) for _ in range(SIP_WAITING_MAX + 9)]
    assert posted == [True] * SIP_WAITING_MAX + [False] * 9
    done = threading.Event()
    thread.order(unexpected, done.set)
    hold.set()
    assert done.wait(60)
    thread.leave()


def test_the_thread_is_shared_and_ends_with_the_last(thread: SipThread) -> None:
    assert SipThread.join() is thread
    thread.leave()
    assert thread.post(unexpected, lambda: None)
    thread.leave()
    assert SipThread._shared is None
    other = SipThread.join()
    assert other is not thread
    other.leave()


def test_what_it_has_seen_is_forgotten_in_time() -> None:
    memory = _Bounded()
    for n in range(SIP_SEEN_MAX + 20):
        memory[b"%d" % n] = n
    assert len(memory) == SIP_SEEN_MAX
    assert b"0" not in memory


def test_transactions_open_no_socket_and_answer_over_the_flow(run: Run, thread: SipThread) -> None:
    said: list[bytes] = []
    asked: list[str] = []

    async def story() -> None:
        loop = asyncio.get_running_loop()
        wire = LoopWire(loop, ("192.0.2.1", 5060), ("192.0.2.9", 5071), said.append, secure=True)
        done: asyncio.Future[None] = loop.create_future()

        def receive(request: object, _transaction: object) -> object:
            asked.append(str(vars(request)["method"]))
            return request.genResponse(200, "OK"), None, None  # type: ignore[attr-defined] # sippy has no types

        def job() -> None:
            transactions = Transactions(("192.0.2.1", 5060), receive)
            text = (
                "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TLS 203.0.113.5:9;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=x\r\n"
                "To: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
            )
            transactions.take(text, Flow(wire))
            transactions.take(text, Flow(wire))
            assert not transactions.full
            transactions.shutdown()
            loop.call_soon_threadsafe(done.set_result, None)

        thread.order(unexpected, job)
        await done

    run(story())
    thread.leave()
    assert asked == ["OPTIONS"], "the same message again is answered from memory"
    assert [data.split(b"\r\n")[0] for data in said] == [b"SIP/2.0 200 OK"] * 2


def test_a_flow_says_our_own_address_as_headers_have_it() -> None:
    loop = asyncio.new_event_loop()
    for host, written in (("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "[2001:db8::1]")):
        flow = Flow(LoopWire(loop, (host, 5061), (host, 9), print, secure=True))
        assert flow.getSIPaddr() == ((written, 5061), "tls")
        assert not flow.uopts.isWildCard()
    loop.close()
