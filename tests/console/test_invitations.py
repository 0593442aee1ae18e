"""The operator's part: inviting, listing, revoking; for whoever may operate, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.base.limits import INVITE_WITHIN_US
from tests.console.authenticator import Authenticator
from tests.console.desk import NOW
from tests.console.floor import Browser, Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


@pytest.fixture
def operator(floor: Floor) -> Browser:
    return Browser(floor, floor.socket)


def test_an_invitation_has_a_code_links_and_an_end(operator: Browser) -> None:
    made = operator.post("/invites", {"position": "watch"}).json()
    assert (made["position"], made["expires_at"]) == ("watch", NOW.plus(INVITE_WITHIN_US).rfc3339())
    code = str(made["code"])
    assert len(code.replace("-", "")) == 16
    assert made["links"] == [f"https://alpha.watch.example:8443/#register={code}"]


def test_only_a_digest_of_the_code_is_kept(floor: Floor) -> None:
    code = floor.invite().replace("-", "").encode()
    for file in floor.file.parent.glob(f"{floor.file.name}*"):
        assert code not in file.read_bytes()


@pytest.mark.parametrize(
    ("body", "error"),
    [({"position": "admiral"}, "position-unknown"), ({"position": "watch", "holder": "x" * 65}, "holder-too-long")],
)
def test_what_cannot_be_invited_is_said(operator: Browser, body: object, error: str) -> None:
    assert operator.post("/invites", body).json()["error"] == error


RECOVERY = {"position": "senior watch", "reason": "the key was lost", "witness_role": "releaser", "witness": "S-4"}


def keyed(floor: Floor, position: str, seed: bytes = b"first") -> Browser:
    """A browser at which an officer of a position has registered."""
    browser = Browser(floor)
    assert browser.register(Authenticator(browser.origin, seed=seed), floor.invite(position)).status == 200
    return browser


def enrolled(floor: Floor) -> list[tuple[str, str, str, bool]]:
    """What the node was told: pseudonym, step, who did it, whether it is withdrawn."""
    rows = floor.desk.officers or ()
    return [(row.terms.pseudonym, row.terms.step.name, row.terms.by, row.withdrawn is not None) for row in rows]


def test_each_invitation_has_a_pseudonym_that_nobody_had(floor: Floor, operator: Browser) -> None:
    made = [operator.post("/invites", {"position": "watch"}).json()["officer"] for _ in range(3)]
    assert made == ["S-1", "S-2", "S-3"]


def test_who_registers_is_told_to_the_node_with_role_and_key_and_without_the_name_in_the_clear(floor: Floor) -> None:
    keyed(floor, "watch")
    (row,) = floor.desk.officers or ()
    assert (row.terms.pseudonym, row.roles, row.host) == ("S-1", ("watch",), "alpha.localhost")
    assert len(row.salt) == 16


def test_the_first_supervisor_is_invited_at_the_machine_and_the_next_by_a_supervisor(
    floor: Floor, operator: Browser
) -> None:
    supervisor = keyed(floor, "senior watch")
    again = operator.post("/invites", {"position": "senior watch"})
    assert (again.status, again.json()["error"]) == (403, "officer-recover-needed")
    assert operator.post("/invites", {"position": "watch"}).status == 200
    made = supervisor.post("/invites", {"position": "senior watch"}).json()
    other = Browser(floor)
    assert other.register(Authenticator(other.origin, seed=b"two"), str(made["code"])).status == 200
    assert enrolled(floor)[-1][1:3] == ("ENROL", "S-1")


def test_a_lost_key_is_withdrawn_and_the_officer_invited_anew_with_the_reason(floor: Floor) -> None:
    supervisor = keyed(floor, "senior watch")
    keyed(floor, "watch", b"two")
    lost = {"position": "watch", "replaces": "S-2", "reason": "the key was lost"}
    assert supervisor.post("/invites", lost).json()["error"] == "officer-still-enrolled"
    assert supervisor.post("/officers/S-2/withdraw", {"reason": "the key was lost"}).status == 200
    assert supervisor.post("/invites", {**lost, "reason": " "}).json()["error"] == "reason-missing"
    assert supervisor.post("/invites", {**lost, "replaces": "S-9"}).json()["error"] == "officer-unknown"
    made = supervisor.post("/invites", lost).json()
    assert made["officer"] == "S-2"
    back = Browser(floor)
    assert back.register(Authenticator(back.origin, seed=b"new"), str(made["code"])).status == 200
    assert enrolled(floor)[1:] == [("S-2", "ENROL", "", True), ("S-2", "REPLACE", "S-1", False)]


def test_the_last_supervisor_is_recovered_at_the_machine_with_reason_and_witness(
    floor: Floor, operator: Browser
) -> None:
    supervisor = keyed(floor, "senior watch")
    made = operator.post("/officers/recover", {**RECOVERY, "replaces": "S-1"}).json()
    assert supervisor.get("/session").json()["error"] == "officer-withdrawn"
    back = Browser(floor)
    assert back.register(Authenticator(back.origin, seed=b"new"), str(made["code"])).status == 200
    rows = floor.desk.officers or ()
    assert (rows[0].withdrawn, rows[1].terms.step.name) == (("", "the key was lost"), "RECOVER")
    assert (rows[1].terms.witness_role, rows[1].terms.witness, rows[1].terms.by) == ("releaser", "S-4", "")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"reason": ""}, "reason-missing"),
        ({"reason": "x" * 2_001}, "text-too-long"),
        ({"witness": " "}, "officer-witness-missing"),
        ({"witness": "x" * 65}, "officer-witness-missing"),
        ({"witness_role": ""}, "officer-witness-missing"),
        ({"position": "admiral"}, "position-unknown"),
        ({"replaces": "S-9"}, "officer-unknown"),
    ],
)
def test_a_recovery_that_lacks_something_is_refused(operator: Browser, changed: dict[str, object], error: str) -> None:
    assert operator.post("/officers/recover", {**RECOVERY, **changed}).json()["error"] == error


def test_nobody_recovers_from_a_desk(floor: Floor) -> None:
    refused = keyed(floor, "senior watch").post("/officers/recover", RECOVERY)
    assert (refused.status, refused.json()["error"]) == (403, "officer-recover-here")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/invites", {"position": "watch"}),
        ("POST", "/officers/recover", RECOVERY),
        ("GET", "/officers", None),
        ("POST", "/officers/S-1/withdraw", {"reason": "lost"}),
        ("POST", "/officers/S-1/open-name", {"reason": "asked"}),
    ],
)
def test_who_may_not_say_who_is_an_officer_may_not(floor: Floor, method: str, path: str, body: object) -> None:
    browser = Browser(floor)
    assert browser.ask(method, path, body).status == 401
    assert browser.post("/session", {"seat": "watch"}).status == 200
    assert browser.ask(method, path, body).json()["error"] == "not-allowed"
    assert browser.post("/session", {"seat": "senior watch"}).status == 200
    assert browser.ask(method, path, body).json().get("error") in (None, "officer-unknown", "officer-recover-here")
