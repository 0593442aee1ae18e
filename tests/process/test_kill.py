"""kill -9 of either node under load, a few rounds; `python -m tests.process.kill --rounds 50` is the long form."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from openline.base.errors import PathError
from openline.cli.client import JsonObject, Node, Place
from openline.cli.stage import Stage
from tests.process.houses import (
    LINE,
    PATIENCE_S,
    leaves,
    open_both,
    openline,
    seized,
    settled,
    start,
    until,
)
from tests.process.kill import Rounds, run
from tests.process.ledger import Told, recorded

pytestmark = pytest.mark.process

ROUNDS = 3
SOON_COMMANDS = 15
"""A line is settled soon when it takes no longer than so many commands, one after the other, on the same machine.

That is about 4 s on ours, where the line needs 30 ms, and the long form asserts one second. A line that is settled only
by the next sign of life or by the next call takes up to 15 s or 30 s.
"""

BATCH = 200


def test_killed_under_load_nothing_acknowledged_is_lost_doubled_rewritten_or_reordered(tmp_path: Path) -> None:
    played = run(ROUNDS, seed=7, folder=tmp_path, tell=print)
    assert [fault for one in played for fault in one.faults] == []
    assert sum(one.repeated for one in played) > 0, "no call was cut off: the kills have hit nothing"
    soon_s = _soon_s(tmp_path)
    for one in played:
        assert one.settled_s < soon_s, one


def _soon_s(folder: Path) -> float:
    begun = time.perf_counter()
    assert openline(folder / "nowhere", "status").code == 9
    return SOON_COMMANDS * (time.perf_counter() - begun)


def test_an_acknowledgement_before_its_commit_does_not_pass(houses: Stage) -> None:
    """The control: a node with that bug loses what it has acknowledged, and the disk it leaves shows it."""
    alpha, bravo = houses.parties
    bravo.start()
    start(alpha, sys.executable, "-m", "tests.process.planted", str(alpha.folder))
    until(lambda: settled(houses), PATIENCE_S, "the line is proven")
    told = [Told("alpha", f"<alpha#planted-{number}>", time.monotonic()) for number in range(8)]
    for one in told:
        one.answers.append((alpha.send(f"{one.tag} acknowledged", wait="recorded"),))
    alpha.kill()
    assert list(recorded(told, seized(alpha)["alpha"])), "an acknowledgement before the commit was not noticed"


def test_both_nodes_killed_at_once_come_back_to_one_record(stage: Stage) -> None:
    rounds = Rounds(stage, seed=11)
    rounds.load.begin(stage.parties, 3, "both")
    time.sleep(0.4)
    for party in stage.parties:
        assert party.process is not None
        party.process.kill()
    for party in stage.parties:
        party.kill()
        rounds.lives[party.name] += 1
    for party in stage.parties:
        party.start()
    took, faults = rounds.judged()
    print(f"settled {took * 1e3:.0f} ms after both were ready")
    assert faults == []
    assert took < _soon_s(stage.alpha.folder)


def test_a_node_that_stood_still_for_a_while_goes_on_where_it_was(stage: Stage) -> None:
    """As a virtual machine that is moved: nothing dies, but nothing answers either."""
    alpha, bravo = stage.parties
    rounds = Rounds(stage, seed=13)
    rounds.load.begin(stage.parties, 3, "still")
    for party in (bravo, alpha):
        assert party.process is not None
        time.sleep(0.2)
        party.process.send_signal(signal.SIGSTOP)
        time.sleep(0.7)
        party.process.send_signal(signal.SIGCONT)
    took, faults = rounds.judged()
    print(f"settled {took * 1e3:.0f} ms after both went on")
    assert faults == []
    assert took < _soon_s(stage.alpha.folder)


@pytest.mark.parametrize("after_ms", [5, 12, 25])
def test_a_batch_that_was_cut_off_is_whole_or_not_there_and_its_key_brings_it_once(
    houses: Stage, after_ms: int
) -> None:
    alpha = houses.alpha
    alpha.start()
    messages = [{"text": f"<alpha#batch-{number}>"} for number in range(BATCH)]

    def send() -> JsonObject:
        node = Node(Place(alpha.folder / "api.sock", desk="watch", language="en"))
        try:
            return node.post("/messages/batch", {"messages": messages}, {"line": LINE}, {"Idempotency-Key": "batch"})
        except PathError:
            return {}
        finally:
            node.close()

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(after_ms / 1e3)
    alpha.kill()
    sender.join()
    assert len(seized(alpha)["alpha"]) in (0, BATCH)
    alpha.start()
    first, second = send(), send()
    assert _ids(first) == _ids(second) == [f"alpha:{number}" for number in range(BATCH)]
    tags = [tag.decode() for leaf in leaves(alpha.node, alpha.id) for tag in leaf.tags]
    assert tags == [message["text"] for message in messages]


def _ids(said: JsonObject) -> list[str]:
    rows = said["said"]
    assert isinstance(rows, list)
    return [entry for row in rows for entry in row["ids"]]


def test_a_queue_written_while_the_peer_is_dead_is_there_once_it_is_back(houses: Stage) -> None:
    alpha, bravo = open_both(houses).parties
    bravo.kill()
    ids = [alpha.send(f"<alpha#queue-{number}>", wait="recorded") for number in range(50)]
    assert ids == [f"alpha:{number}" for number in range(50)]
    alpha.kill()
    alpha.start()
    bravo.start()
    took = until(lambda: settled(houses), PATIENCE_S, "the queue is received")
    print(f"50 waiting messages received {took * 1e3:.0f} ms after both were ready")
    assert leaves(bravo.node, alpha.id) == leaves(alpha.node, alpha.id)
