"""The figures of `/metrics` and the facts of the node's log, read from the code: docs/operating/monitoring.md.

A fact is what the node says to its journal, and what its voice process notes: there by name, or as the id of an error
that a module of the desk phones raises, since each of those is noted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from openline.node import metrics as figures

SOURCE = Path(__file__).resolve().parent.parent / "src/openline"

# Modules whose errors are noted by their ids, with whom that is about; see `INDIRECT`.
RAISES: Mapping[str, str] = {
    "legs": "phone",
    "phone_rtp": "phone",
    "phone_sdp": "phone",
    "phones": "phone",
    "sdes": "phone",
    "sip_text": "address",
}

# The places that note an error by its id. Another one must be looked at: what does it note, and is that in RAISES?
INDIRECT = frozenset(
    {
        "media/bells.py: self._note(why.message_id, **why.facts)",
        "media/phones.py: self.note(error.message_id, phone=phone, **error.facts)",
        "media/phones.py: self._write(fact, **facts)",
        "media/sip_door.py: self.note(error.message_id, address=wire.address[0], **error.facts)",
        "media/house.py: Note(fact, dict(facts))",
        "media/process.py: Note(fact, dict(facts))",
    }
)

# What each fact means, for the operator who reads it. tests/test_reference.py misses none.
MEANING: Mapping[str, str] = {
    "blob-refused": "a piece of an attachment did not belong where it was sent",
    "call": "a telephone call was rung, or something happened to it, as `what` says",
    "call-step-refused": "what happened in a telephone call could not be put on the record; the call goes on",
    "card-refused": "a peer sent a card that may not replace the one in use",
    "clock-jumped": "the machine's clock was set; the line goes on",
    "console-closed": "an officer has left the console",
    "console-opened": "an officer has come in at the console; `passkey` is its number, none for a demonstration seat",
    "console-refused": "somebody was not let in at the console, and why",
    "console-trouble": "the officers' file or the console's certificate could not be used; tried again within a minute",
    "duty-refused": "what the node says by itself (a test, a silence) could not be written",
    "failed": "the node stops because of this",
    "faulty-bytes": "a peer sent bytes that no honest node sends; kept as evidence",
    "http-trouble": "a request to the console broke",
    "leg-over": "the sound of a browser or a desk phone has ended, and why",
    "leg-up": "sound can pass to and from a browser or a desk phone",
    "legs-too-many": "a phone was not taken or rung: so many browsers and phones have sound already",
    "line-follows": "a line has been opened that follows another, or that our officers have entered",
    "loop-trouble": "a transport or a forgotten piece of work complained; noted only, the node goes on",
    "officer-recovering": "a technician has begun to recover a supervisor at this machine",
    "passkey-invited": "somebody was invited to register a passkey for a position",
    "passkey-revoked": "an officer was withdrawn; so many consoles closed with it",
    "member-gone": "a member has left a line or was removed; nothing is sent to it there any more",
    "members-differ": "a peer claims other members for a line than we have; said once until it no longer does",
    "phone-address-not-allowed": "a phone of ours stands where its row does not allow it, and is not let in",
    "phone-left": "a phone has taken its leave, or its connection is gone; it cannot be rung",
    "phone-name-differs": "a phone with a right password calls itself by another name; it is not let in",
    "phone-no-common-codec": "a phone speaks none of our codecs; its call is refused",
    "phone-no-port": "no port is left for the sound of another phone, or too many are in calls",
    "phone-not-registered": "a phone that was to ring is not here any more",
    "phone-offer-missing": 'a phone calls without saying how its sound would go; switch off "late offer" there',
    "phone-password-wrong": "a wrong password for a phone: a slip at the phone, or somebody guesses",
    "phone-passwords-too-many": "so many wrong ones that nothing from this address is believed for a while",
    "phone-registered": "a phone is here and can be rung",
    "phone-sound-elsewhere": "a phone wants its sound sent outside our network; its call is refused",
    "phone-sound-unprotected": "a phone would send its sound in the clear from outside our LAN; its call is refused",
    "phones-cannot-listen": "desk phones cannot reach us: the address, a port or the certificate cannot be used",
    "phones-reach-us": "desk phones can register: at this UDP port, at this TLS port; 0 where they cannot",
    "phones-wrong": "desk phones cannot reach us: a name stands twice among them, or they are too many",
    "ready": "the record is read, the paths are open, the doors are open",
    "recording-refused": "a recorded chunk could not be put on the record; its file stays, and the check names it",
    "recording-stopped": "the voice process cannot record this call any more, and why; the call goes on",
    "sdp-wrong": "what a phone says of its sound cannot be used; its call is refused",
    "search-made": "the search index was made up to this arrival number; told every 100,000 entries",
    "search-trouble": "the search index could not be used and is made anew, or waits for room on the disk",
    "sip-crowded": "more comes to the phone ports than can be worked off; what this address sent is dropped",
    "sip-flood": "too much comes from this address to the phone port; said once until it has been quiet",
    "sip-lines-left-out": "more lines of this kind are left out for now: each has so many a minute",
    "sip-not-our-lan": "somebody outside our LAN calls the UDP port for phones; nothing is answered",
    "sip-wrong": "what came to a phone port is no SIP; nothing is answered, or that it is wrong",
    "snapshot-refused": "the snapshot is not of this node, program and record: the whole record is read instead",
    "snapshot-taken": "the books were taken up from a snapshot; only what arrived after so many entries is read",
    "snapshot-trouble": "a snapshot could not be made; the next start reads the whole record",
    "stopped": "the node has ended in good order",
    "unasked": "somebody sent what should be asked for with `--yes`; the reason given",
    "voice-ended": "a voice process ended while the node goes on; the next is started. `status` is its exit status",
    "voice-failed": "a bug in the voice process ends it; the next is started. `where` and `fault` are for its authors",
    "voice-hung": "a voice process gave no sign of life for 2 s and is killed",
    "voice-lag": "the event loop of the node, or of its voice process, was this late; said once a minute at most",
    "voice-started": "a voice process carries sound now; `fingerprint` is that of its certificate towards browsers",
    "voice-too-many-seats": "more legs sit in a call than may be; those over the limit are not heard",
    "voice-trouble": "a library in the voice process complained; one browser or phone may have to connect again",
}


def metrics() -> str:
    """Every figure with its kind and its meaning."""
    rows = [
        f"| `{name}` | {'counter' if name.endswith('_total') else 'gauge'} | {text} |"
        for name, text in sorted(figures._HELP.items())  # noqa: SLF001 - the table is the figures' own
    ]
    return "\n".join(["| figure | kind | meaning |", "| --- | --- | --- |", *rows])


def facts() -> str:
    """Every fact the node writes into its log, with what stands beside it."""
    rows = [
        f"| `{fact}` | {', '.join(f'`{name}`' for name in names)} | {MEANING.get(fact, 'not explained yet')} |"
        for fact, names in sorted(found_facts().items())
    ]
    return "\n".join(["| fact | with | meaning |", "| --- | --- | --- |", *rows])


def found_facts() -> dict[str, list[str]]:
    """Every fact of the source with the names that stand beside it."""
    return dict(_facts())


def _facts() -> Iterator[tuple[str, list[str]]]:
    for file, call in _calls():
        if _is_journal_say(call) or (file.parent.name == "media" and is_note(call)):
            beside = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
            yield from ((fact, beside or _keys(call)) for fact in _literals(call))
        elif file.parent.name == "media" and file.stem in RAISES and _is_error(call):
            for fact in _literals(call):
                beside = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
                whose = [] if fact.startswith("phones-") or RAISES[file.stem] in beside else [RAISES[file.stem]]
                yield fact, whose + beside


def indirect() -> set[str]:
    """The places of the voice process that note a fact by another name than its own."""
    return {
        f"media/{file.name}: {ast.unparse(call)}"
        for file, call in _calls()
        if file.parent.name == "media" and is_note(call) and not list(_literals(call))
    }


def is_note(call: ast.Call) -> bool:
    """Whether a call notes something for the node's log."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return called in ("note", "_note", "Note", "_write") and bool(call.args)


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield file, node


def _literals(call: ast.Call) -> Iterator[str]:
    """The names that the first argument of a call can be, where it says so itself."""
    for node in ast.walk(call.args[0]) if call.args else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _keys(call: ast.Call) -> list[str]:
    """What stands beside a Note: the keys of its second argument."""
    if len(call.args) < 2 or not isinstance(call.args[1], ast.Dict):
        return []
    return [str(key.value) for key in call.args[1].keys if isinstance(key, ast.Constant)]


def _is_error(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("PeerError", "UsageError")


def _is_journal_say(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute) and call.func.attr == "say" and "journal" in ast.unparse(call.func.value)
    )
