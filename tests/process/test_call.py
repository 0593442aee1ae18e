"""A call between two real nodes with their real voice processes, and no browser: rung, answered, killed and back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from openline.cli.client import JsonObject
from openline.cli.exits import Refusal
from openline.cli.stage import Party, Stage, set_voice
from tests.process.houses import PATIENCE_S, Furnished, clear, open_both, openline, until, verifies

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def with_voice(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Alpha and bravo, paired; both carry sound, and answer line checks by voice."""
    return Furnished(tmp_path_factory.mktemp("founded"), voice=True)


@pytest.fixture
def talking(with_voice: Furnished, tmp_path: Path) -> Iterator[Stage]:
    """Both nodes run with a voice process each, and sound passes between them."""
    stage = with_voice.furnish(tmp_path)
    for party in stage.parties:
        set_voice(party.folder, answering=True)
    try:
        open_both(stage)
        for party in stage.parties:
            wait_for_voice(party)
        yield stage
    finally:
        clear(stage)


def wait(holds: Callable[[], bool], what: str) -> None:
    until(holds, PATIENCE_S, what)


def voice(party: Party) -> JsonObject:
    return cast("JsonObject", party.node.get("/status")["voice"])


def wait_for_voice(party: Party) -> None:
    """Until a node has a voice process."""
    wait(lambda: voice(party)["state"] == "running", f"{party.name} has a voice process")


def wait_for_sound(party: Party, call: str) -> None:
    """Until sound passes in a call."""
    wait(lambda: sounds(party, call), f"sound passes at {party.name}")


def ring(party: Party, **arguments: object) -> str:
    said = party.node.post("/calls", arguments, {"wait": "received", "timeout": PATIENCE_S})
    return cast("list[str]", said["ids"])[0]


def take(party: Party, call: str, step: str) -> None:
    party.node.post(f"/calls/{call}/steps", {"step": step})


def view(party: Party, call: str) -> JsonObject:
    return party.node.get(f"/calls/{call}")


def both(stage: Stage, call: str, state: str) -> None:
    """Until the call stands like this at both ends."""
    wait(lambda: all(view(party, call)["state"] == state for party in stage.parties), f"{call} is {state} at both")


def sounds(party: Party, call: str) -> bool:
    """Whether sound passes to and from the other side, on some path."""
    rows = cast("list[JsonObject]", view(party, call)["sound"])
    return len(rows) == 1 and not rows[0]["lost"] and any(path["carriage"] != "dead" for path in paths(rows[0]))


def paths(sound: JsonObject) -> list[JsonObject]:
    return cast("list[JsonObject]", sound["paths"])


def steps(party: Party, call: str) -> list[str]:
    """What our own side has put on the record about a call, in order."""
    return [step for step in all_steps(party, call) if step not in {"SOUND_LOST", "SOUND_BACK"}]  # a slow machine's own


def all_steps(party: Party, call: str) -> list[str]:
    """The same, with the steps that say how sound goes."""
    found = party.node.get("/entries", {"kind": "call-step", "origin": "ours", "count": 50})
    rows = cast("list[JsonObject]", found["entries"])
    mine = [row for row in reversed(rows) if call in cast("list[str]", row["refs"])]
    return [str(cast("JsonObject", row["body"])["step"]) for row in mine]


def up(stage: Stage) -> str:
    """A call that alpha has rung and bravo has answered, through which sound can pass."""
    alpha, bravo = stage.parties
    call = ring(alpha, subject="The convoy")
    wait(lambda: view(bravo, call)["state"] == "ringing-in", "it rings at bravo")
    take(bravo, call, "answered")
    both(stage, call, "up")
    for party in stage.parties:
        wait_for_sound(party, call)
    return call


def test_a_call_is_rung_on_one_node_and_answered_on_the_other(talking: Stage) -> None:
    alpha, bravo = talking.parties
    call = up(talking)
    assert view(bravo, call)["subject"] == "The convoy"
    with pytest.raises(Refusal, match="leg-needs-session"):
        alpha.node.post("/legs", {"sdp": "v=0\r\n"})
    with pytest.raises(Refusal, match="leg-missing"):
        alpha.node.post(f"/calls/{call}/gate", {"open": True})
    shown = openline(alpha.folder, "call", "show", call)
    assert (shown.code, [row[0] for row in shown.rows()][:3]) == (0, ["call", "part", "part"])
    assert openline(bravo.folder, "call", "leave", call).code == 0
    both(talking, call, "ended")
    assert steps(alpha, call) == []
    assert steps(bravo, call) == ["ANSWERED", "LEFT"]
    verifies(alpha.folder)
    verifies(bravo.folder)


def test_a_line_check_by_voice_is_answered_by_the_other_node(talking: Stage) -> None:
    alpha, bravo = talking.parties
    assert openline(alpha.folder, "call", "check", "--json").code == 0
    (found,) = cast("list[JsonObject]", alpha.node.get("/calls", {"open": "true"}))
    call = str(found["id"])
    both(talking, call, "up")
    assert cast("list[JsonObject]", view(alpha, call)["parts"])[1]["desks"] == ["line-check"]
    take(alpha, call, "left")
    both(talking, call, "ended")
    assert steps(bravo, call) == ["ANSWERED"]


def test_a_node_killed_in_a_call_comes_back_into_the_same_call(talking: Stage) -> None:
    alpha, bravo = talking.parties
    call = up(talking)
    bravo.kill()
    wait(lambda: "SOUND_LOST" in all_steps(alpha, call), "alpha says that sound is lost")
    assert view(alpha, call)["state"] == "up"
    bravo.start()
    both(talking, call, "up")
    for party in talking.parties:
        wait_for_sound(party, call)
    wait(lambda: all_steps(alpha, call)[-1] == "SOUND_BACK", "alpha says that sound is back")
    take(bravo, call, "left")
    both(talking, call, "ended")


def test_a_voice_process_killed_in_a_call_is_started_again_for_the_same_call(talking: Stage) -> None:
    alpha, bravo = talking.parties
    call = up(talking)
    for child in children(alpha):
        os.kill(child, signal.SIGKILL)
    wait(lambda: cast("int", voice(alpha)["restarts"]) >= 1 and voice(alpha)["state"] == "running", "it runs again")
    for party in talking.parties:
        wait_for_sound(party, call)
    assert view(bravo, call)["state"] == view(alpha, call)["state"] == "up"


def children(party: Party) -> list[int]:
    """The processes that a node has started."""
    assert party.process is not None
    tasks = Path(f"/proc/{party.process.pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
