"""The figures of `/metrics` and the facts of the node's log, read from the code: docs/operating/monitoring.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from openline.node import metrics as figures

SOURCE = Path(__file__).resolve().parent.parent / "src/openline"

# What each fact means, for the operator who reads it. tests/test_reference.py misses none.
MEANING: Mapping[str, str] = {
    "blob-refused": "a piece of an attachment did not belong where it was sent",
    "call": "a telephone call was rung, or something happened to it, as `what` says",
    "call-step-refused": "what happened in a telephone call could not be put on the record; the call goes on",
    "card-refused": "a peer sent a card that may not replace the one in use",
    "console-closed": "an officer has left the console",
    "console-opened": "an officer has come in at the console; `passkey` is its number, none for a demonstration seat",
    "console-refused": "somebody was not let in at the console, and why",
    "console-trouble": "the officers' file or the console's certificate could not be used; tried again within a minute",
    "clock-jumped": "the machine's clock was set; the line goes on",
    "duty-refused": "what the node says by itself (a test, a silence) could not be written",
    "failed": "the node stops because of this",
    "faulty-bytes": "a peer sent bytes that no honest node sends; kept as evidence",
    "http-trouble": "a request to the console broke",
    "leg-over": "the sound of a browser or a desk phone has ended, and why",
    "leg-up": "sound can pass to and from a browser or a desk phone",
    "loop-trouble": "a transport or a forgotten piece of work complained; noted only, the node goes on",
    "passkey-invited": "the operator has invited a position to register a passkey",
    "passkey-revoked": "the operator has revoked a passkey; so many consoles closed with it",
    "phones-reach-us": "desk phones can register: at this UDP port, at this TLS port; 0 where they cannot",
    "ready": "the record is read, the paths are open, the doors are open",
    "recording-refused": "a recorded chunk could not be put on the record; its file stays, and the check names it",
    "search-made": "the search index was made up to this arrival number; told every 100,000 entries",
    "search-trouble": "the search index could not be used and is made anew, or waits for room on the disk",
    "snapshot-refused": "the snapshot is not of this node, program and record: the whole record is read instead",
    "snapshot-taken": "the books were taken up from a snapshot; only what arrived after so many entries is read",
    "snapshot-trouble": "a snapshot could not be made; the next start reads the whole record",
    "stopped": "the node has ended in good order",
    "unasked": "somebody sent what should be asked for with `--yes`; the reason given",
    "voice-ended": "a voice process ended while the node goes on; the next is started. `status` is its exit status",
    "voice-hung": "a voice process gave no sign of life for 2 s and is killed",
    "voice-lag": "the event loop of the node, or of its voice process, was this late; said once a minute at most",
    "voice-started": "a voice process carries sound now; `fingerprint` is that of its certificate towards browsers",
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
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_journal_say(node):
                fact = node.args[0]
                if isinstance(fact, ast.Constant) and isinstance(fact.value, str):
                    yield fact.value, [keyword.arg for keyword in node.keywords if keyword.arg is not None]


def _is_journal_say(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute) and call.func.attr == "say" and "journal" in ast.unparse(call.func.value)
    )
