"""An officer sends a FLASH and signs it with a passkey; the other side sees it, and an audit of the export counts it.

The authenticator is Chromium's virtual one; nodes, line and record are real.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from playwright.sync_api import expect

from openline.cli.stage import Party
from openline.line.personal import PersonalAudit
from openline.record.audit import audit
from openline.record.verdict import State
from tests.browser.desks import Floor, Window
from tests.browser.test_passkeys import authenticator
from tests.process.houses import LINE, PATIENCE_S, until

Row = dict[str, object]


def _rows(party: Party, part: str) -> list[Row]:
    return cast("list[Row]", party.node.get("/signatures")[part])


def _registered(floor: Floor) -> Window:
    alpha = floor.stage.alpha
    invited = alpha.node.post("/invites", {"position": "W-2", "holder": "an officer"})
    window = floor.window(alpha)
    authenticator(window)
    window.page.goto(f"{alpha.console}#register={invited['code']}")
    window.page.get_by_role("button", name="Make the passkey").click()
    return window.live()


def test_a_flash_is_signed_after_it_has_gone_and_an_audit_of_the_export_counts_it(floor: Floor, tmp_path: Path) -> None:
    bravo = floor.stage.bravo
    window = _registered(floor)
    asking = window.page.get_by_test_id("signing")
    expect(asking).to_contain_text("Sign personally")
    window.act("sign").click()
    until(lambda: len(_rows(bravo, "signed")) == 1, PATIENCE_S, "the officer's key has signed itself")
    expect(asking).to_be_hidden()
    window.enter()
    window.write("Your fire is hitting us.", "FLASH")
    window.page.get_by_role("dialog").get_by_role("textbox").fill(LINE)
    window.page.get_by_role("dialog").locator("[data-danger]").click()
    until(lambda: bool(bravo.node.get("/messages", {"origin": "theirs"})["entries"]), PATIENCE_S, "the FLASH is there")
    assert [row["kind"] for row in _rows(bravo, "unsigned")] == ["message"], "it goes first"
    expect(asking).to_be_visible()
    window.act("sign").click()
    until(lambda: len(_rows(bravo, "signed")) == 2, PATIENCE_S, "the FLASH is signed")
    assert _rows(bravo, "unsigned") == []
    expect(asking).to_be_hidden()
    for party in floor.stage.parties:
        file = tmp_path / f"{party.name}.olx"
        file.write_bytes(b"".join(party.node.pieces(f"/record/{LINE}/export")))
        personal = PersonalAudit()
        with file.open("rb") as opened:
            assert audit(opened, None, lambda done, total: None, [personal]).state is not State.FALSE
        assert [(row.by, row.wrong) for row in personal.figures()] == [({"S-1": 2}, 0)]
    floor.clean()


def test_who_is_withdrawn_is_out_at_once(floor: Floor) -> None:
    window = _registered(floor).with_sound().enter()
    window.ring()
    alpha = floor.stage.alpha.node
    until(lambda: bool(alpha.get("/calls")), PATIENCE_S, "the call rings")
    alpha.post("/officers/S-1/withdraw", {"reason": "the key was lost"})
    (leg,) = cast("list[Row]", alpha.get("/legs"))
    assert (leg["state"], leg["reason"]) == ("over", "session-withdrawn"), "the call goes with the session"
    window.page.get_by_role("button", name="Sign in with your passkey").click()
    expect(window.page.get_by_role("alert")).to_contain_text("withdrawn")
    until(
        lambda: [row["state"] for row in _rows(floor.stage.bravo, "officers")] == ["WITHDRAWN"],
        PATIENCE_S,
        "the other side knows",
    )
