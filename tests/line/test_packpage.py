"""The page a pack opens with: what a board reads first, and whether it tells what the entries tell."""

from __future__ import annotations

import io
from dataclasses import replace

from openline.base.schema import pack
from openline.line.item import Stage
from openline.line.message import Message
from openline.line.packpage import PAGE_VERSION, TEXT_CHARACTERS_MAX, page, same_page, shown, text_kept
from openline.line.receipt import Receipt
from openline.line.standard import standard
from openline.record.entry import Draft, Leaf
from openline.record.packaudit import PackVerdict, audit_pack
from tests.record.lines import ALPHA_LOG, ROOTS, Line, after
from tests.record.packs import pack_of

KINDS = standard()


def verdict(**scope: object) -> PackVerdict:

    line = Line()
    body = pack(Message(text="Do you\nsee \u202ethis?"))
    line.say(0, 0, Draft(1, body, "watch"))
    line.say(1, 60, Draft(77, b"x", "watch"))
    line.say(0, 120, Draft(1, b"no body", "watch"))
    data = pack_of(line.alpha, since=after(0), until=after(1_000), **scope)
    return audit_pack(io.BytesIO(data), ROOTS, text_kept(KINDS), lambda done, total: None)


def test_the_page_says_what_it_is_of_whose_how_to_verify_and_what_happened() -> None:
    told = page(KINDS, verdict()).decode()
    assert told.startswith(f"OPENLINE DISPUTE PACK, page version {PAGE_VERSION}\n")
    for words in (
        "Line:      joint",
        "Parties:   alpha.example, bravo.example",
        "complete in the period",
        "openline audit verify FILE",
        "WHAT IS WITHHELD\n  Nothing.",
        "message, from watch",
        "Do you see <U+202E>this?",
        "kind-77",
        "[body unreadable]",
        "not before (nothing tells); held by 2026-",
    ):
        assert words in told, words


def test_what_is_withheld_is_listed_with_its_reason() -> None:
    told = page(KINDS, verdict(redact=frozenset({(ALPHA_LOG, 0)}), reason="a source")).decode()
    assert "The exporter's reason: a source" in told
    assert "alpha:0: body withheld by the exporter" in told
    assert "Do you see" not in told


def test_a_page_that_tells_something_else_is_found_out() -> None:
    found = verdict()
    known = replace(found, entries=tuple(entry for entry in found.entries if entry.member == 0))
    right = page(KINDS, known)
    assert same_page(KINDS, replace(known, page=right)) is True
    assert same_page(KINDS, replace(known, page=right.replace(b"Do you", b"Did we"))) is False
    assert same_page(KINDS, replace(known, page=b"another program's")) is None
    assert same_page(KINDS, replace(found, page=page(KINDS, found))) is None, "a kind that is not known here"


def test_what_stands_in_the_place_of_a_body() -> None:
    kept = text_kept(KINDS)
    leaf = Leaf(5, 0, "watch", bytes(32))
    assert kept(leaf, pack(Receipt(stage=Stage.DISPLAYED))).startswith("DISPLAYED")
    long = kept(Leaf(1, 0, "watch", bytes(32)), pack(Message(text="x" * 1_000)))
    assert (len(long), long[-1]) == (TEXT_CHARACTERS_MAX, "…")
    (first, *_) = verdict(redact=frozenset({(ALPHA_LOG, 0)})).entries
    assert shown(first) == "[body withheld; its digest is in the signed header]"
