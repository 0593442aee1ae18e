"""An export that is made for others, of a real node: it leaves out what is not for everybody, and verifies."""

from __future__ import annotations

from io import BytesIO

from openline.record.audit import audit
from openline.record.verdict import State
from tests.node.houses import ALPHA, BRAVO, OFFICER, both, card, played
from tests.node.test_running import exported


def test_an_export_for_release_leaves_out_what_is_not_for_everybody_and_still_verifies() -> None:
    async def story() -> list[bytes]:
        alpha, _ = await both()
        how = {"key": None, "mark": "OPERATION", "wait": "received"}
        contact = {"level": "duty", "medium": "telephone", "began": "2026-11-01", "parties": [ALPHA, BRAVO]}
        for verb, values in (
            ("contact", contact),
            ("state", {"entry": "alpha:0", "fact": "tone", "words": "for us alone", "releasable": "own"}),
            ("state", {"entry": "alpha:0", "fact": "tone", "words": "for everybody"}),
        ):
            await alpha.desk.say(OFFICER, None, verb, values, timeout_s=5.0, **how)  # type: ignore[arg-type] # by name
        return [await exported(alpha), await exported(alpha, release=True)]

    whole, released = played(story())
    assert b"for us alone" in whole
    assert b"for us alone" not in released
    assert b"for everybody" in released
    verdict = audit(
        BytesIO(released), {party: card(party).fingerprint() for party in (ALPHA, BRAVO)}, lambda _done, _total: None
    )
    assert verdict.state is State.VERIFIED, [str(finding) for finding in verdict.findings]
