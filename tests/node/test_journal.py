"""The node's log: one line of JSON per fact, in ASCII, and never a message's text."""

from __future__ import annotations

import asyncio
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.node.journal import Journal
from tests.node.houses import ALPHA, START, HandClock, both, connect, heard, played, settled


def test_a_fact_is_one_line_of_json_with_its_time() -> None:
    out = io.StringIO()
    journal = Journal(HandClock(), out)
    journal.say("ready", party=ALPHA, lines=2, error=None)
    assert json.loads(out.getvalue()) == {
        "at": START.rfc3339(),
        "fact": "ready",
        "party": ALPHA,
        "lines": 2,
        "error": None,
    }
    assert out.getvalue().endswith("\n")


def test_what_stands_beside_a_fact_never_takes_its_place() -> None:
    out = io.StringIO()
    Journal(HandClock(), out).say("sip-lines-left-out", fact="sip-wrong", at="never")
    assert json.loads(out.getvalue()) == {"at": START.rfc3339(), "fact": "sip-lines-left-out"}


@given(st.text())
def test_whatever_a_fact_holds_it_stays_one_line_of_ascii(text: str) -> None:
    out = io.StringIO()
    Journal(HandClock(), out).say("path-name", path=text)
    assert out.getvalue().isascii()
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue())["path"] == text


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    Journal(HandClock(), Broken()).say("ready")


def test_without_a_place_it_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Journal(HandClock()).say("ready")
    assert '"fact": "ready"' in capsys.readouterr().err


@settings(max_examples=8)
@given(
    st.text("abcdefghij", min_size=12, max_size=40), st.sampled_from(["send", "refused", "wrong", "faulty", "reply"])
)
def test_no_text_of_a_message_is_ever_in_the_log(text: str, way: str) -> None:
    async def story() -> None:
        alpha, bravo = await both()
        match way:
            case "refused":
                with pytest.raises(UsageError):
                    await alpha.say(text * 3, precedence="flash", refs=["bravo:99"])
            case "wrong":
                with pytest.raises(UsageError):
                    await alpha.say(None, subject=text)
            case "faulty":
                session = connect(alpha, bravo, "radio")
                await heard(alpha, bravo)
                alpha.switchboard.frames(session, [b"\x82\x02" + text.encode()])
                await alpha.say(text)
            case _:
                said = await alpha.say(text)
                await settled(alpha, bravo)
                await bravo.say(text + text, "reply", entry=said.ids[0])
        await asyncio.sleep(20)
        await settled(alpha, bravo)
        for node in (alpha, bravo):
            await node.close()
            assert text not in node.log.getvalue()
            assert node.log.getvalue(), "though there is a log"

    played(story())
