"""How calls are shown: what the book says, what is live, and nothing of a peer's that could mislead."""

from __future__ import annotations

import pytest

from openline.base.catalogue import known_ids
from openline.media.words import Figures, PathIs, RecordingIs
from openline.node.callviews import CAUSES, line_calls, voice_view
from openline.record.entry import Mark
from openline.voice.call import Step, step
from tests.node.houses import ALPHA, BRAVO, LINE, played, until
from tests.node.voices import FakeVoice, Floor, floors, known, up

HOSTILE = "</b> \u202e seven thousand \x1b[31m \u2066"


def test_a_call_shows_who_rang_whom_when_and_about_what() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring("ops", subject="The convoy", action=("watch", "interpreter"))
        await known(call, bravo)
        view = bravo.view(call)
        assert (view.id, view.line, view.mark, view.subject) == (call, LINE, "OPERATION", "The convoy")
        assert (view.by, view.by_desk, view.own, view.action) == (ALPHA, "ops", False, ("watch", "interpreter"))
        assert (view.state, alpha.view(call).state, alpha.view(call).own) == ("ringing-in", "ringing-out", True)
        assert (view.answered_at, view.ended_at, view.cause, view.text) == (None, None, "", "")
        assert view.rung_dtg.endswith(("26", "27"))
        assert [(part.party, part.own, part.side, part.desks) for part in view.parts] == [
            (ALPHA, False, "in", ("ops",)),
            (BRAVO, True, "rung", ()),
        ]
        assert (view.sound[0].party, view.seats) == (ALPHA, ())

    played(story())


def test_states_follow_our_own_side() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        assert alpha.view(call).answered_at is not None
        await bravo.step(call, "held")
        await until(lambda: alpha.view(call).parts[1].side == "holding")
        assert (alpha.view(call).state, bravo.view(call).state) == ("up", "held")
        await bravo.step(call, "left")
        await until(lambda: alpha.view(call).state == "ended")
        view = alpha.view(call)
        assert view.ended_at is not None
        assert (view.cause, view.text, view.sound, view.seats) == ("call-left", "bravo has left the call.", (), ())

    played(story())


def test_whether_our_own_recorder_records_is_shown_with_why_not() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)

        def shown() -> tuple[bool, str, str]:
            view = alpha.view(call)
            return view.recorded, view.recording, view.recording_text

        number = alpha.calls[-1].number
        await alpha.step(call, "recording-agreed")
        assert shown() == (False, "off", "")
        await bravo.step(call, "recording-agreed")
        await until(lambda: alpha.call(call).recorded)
        assert shown() == (True, "off", ""), "the recorder has not said so yet"
        alpha.tell(RecordingIs(number, on=True))
        assert shown() == (True, "on", "")
        alpha.tell(RecordingIs(number, on=False, cause="recording-disk-full"))
        assert shown()[:2] == (True, "stopped")
        assert shown()[2].startswith("The disk has too little room left for recordings")
        assert bravo.view(call).recording == "off", "each node records for itself"
        alpha.phone.gone()
        assert shown()[:2] == (True, "stopped")
        assert shown()[2].startswith("The process that carries sound has ended.")
        alpha.phone.ready()
        alpha.tell(RecordingIs(number, on=True))
        assert shown() == (True, "on", "")
        await bravo.step(call, "recording-withdrawn")
        await until(lambda: not alpha.call(call).recorded)
        assert shown() == (False, "off", "")

    played(story())


def test_what_a_peer_writes_is_shown_as_text_and_its_causes_only_when_they_are_plain() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await bravo.ring(subject=HOSTILE)
        await known(call, alpha)
        assert alpha.view(call).subject == HOSTILE  # A program gets what was said; whoever shows it makes it visible.
        book = bravo.node.keeper.book
        shown: list[tuple[str, str]] = []

        async def cause_shown(cause: str) -> None:
            ref = book.ref(book.members[1], bravo.call(call).index)
            bravo.node.turns.say(bravo.node.keeper, [step(ref, Step.SOUND_LOST, "node", Mark.OPERATION, cause)], None)
            await until(lambda: alpha.view(call).parts[1].cause == cause)
            shown.append((cause, alpha.view(call).parts[1].text))

        for cause in ("voice-of-tomorrow", "<b>\u202e", "session-needed", "call-no-path"):
            await cause_shown(cause)
        assert shown[:3] == [("voice-of-tomorrow", "voice-of-tomorrow"), ("<b>\u202e", ""), ("session-needed",) * 2]
        assert shown[3][1].startswith("No path carries sound.")

    played(story())


def test_how_sound_goes_is_shown_with_what_is_not_known_left_out() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.tell(
            PathIs(LINE, BRAVO, "radio", "stream", -1, -1, -1, "Permission denied"),
            PathIs(LINE, BRAVO, "fibre", "udp", 12_500, 0, 31, ""),
            Figures(LINE, BRAVO, 1_500, 3, (0, 2)),
        )
        (sound,) = alpha.view(call).sound
        assert (sound.party, sound.lost, sound.frames, sound.frames_lost, sound.copies) == (BRAVO, False, 1_500, 3, 2)
        fibre, radio = sound.paths
        assert (fibre.name, fibre.carriage, fibre.round_trip_ms, fibre.loss_out, fibre.loss_in) == (
            "fibre",
            "udp",
            12.5,
            0,
            31,
        )
        assert (radio.round_trip_ms, radio.loss_out, radio.loss_in) == (None, None, None)
        assert radio.trouble == "Permission denied"
        assert radio.text == "UDP does not pass on radio; sound goes inside its connection, with more delay."

    played(story())


def test_a_line_shows_the_calls_that_have_not_ended_for_us() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        first = await up(alpha, bravo)
        drill = await bravo.ring(mark="EXERCISE")
        await known(drill, alpha)
        rows = [(row.id, row.state, row.mark, row.parties) for row in line_calls(alpha.node.state)]
        assert rows == [(first, "up", "OPERATION", (BRAVO,)), (drill, "ringing-in", "EXERCISE", (BRAVO,))]
        assert alpha.node.desk.status("en").lines[0].calls == line_calls(alpha.node.state)
        await bravo.step(first, "left")
        await until(lambda: len(line_calls(alpha.node.state)) == 1)

    played(story())


@pytest.mark.parametrize("state", ["running", "starting", "off"])
def test_the_voice_process_is_shown_in_the_asked_language(state: str) -> None:
    voice = FakeVoice()
    voice.state, voice.restarts, voice.phones = state, 2, ("night",)
    english, french = voice_view(voice, "en"), voice_view(voice, "fr")
    assert (english.state, english.lag_ms, english.restarts, english.phones) == (state, 1.5, 2, ("night",))
    assert english.text != french.text
    assert english.text.endswith(".")


def test_every_cause_has_a_sentence() -> None:
    assert known_ids("en") >= CAUSES


def test_the_language_of_a_view_is_that_of_who_asks() -> None:
    async def story(floor: Floor, call: str) -> str:
        return floor.node.desk.call(floor.officer(), None, call).text

    async def both() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        await alpha.step(call, "left")
        french = alpha.officer()
        assert await story(alpha, call) == "alpha has left the call."
        view = alpha.node.desk.call(type(french)("watch", french.capabilities, "fr"), None, call)
        assert view.text == "alpha a quitté l’appel."

    played(both())


def test_times_are_those_of_the_entries() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        await bravo.step(call, "answered")
        await until(lambda: alpha.view(call).state == "up")
        assert alpha.view(call).answered_at == bravo.view(call).answered_at

    played(story())
