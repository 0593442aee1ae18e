"""Each way in which words may not be said has a refusal of its own."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import BLOB_BYTES_MAX, FLASH_WORDS_MAX, REASON_BYTES_MAX, ROLES_MAX, TEXT_BYTES_MAX
from openline.base.time import Instant
from openline.line.words import (
    Attached,
    Language,
    Role,
    attachments_of,
    by_of,
    deadline_of,
    language_of,
    precedence_of,
    reason_of,
    role_of,
    roles_of,
    subject_of,
    text_of,
    urgent_text_of,
)
from openline.record.entry import Attachment, Precedence

NOW = Instant(1_795_000_000 * 1_000_000)
DIGEST = "ab" * 32


def refusal(check: Callable[[], object]) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(UsageError) as caught:
        check()
    return caught.value.message_id, caught.value.facts


def test_a_text_is_kept_as_it_was_written() -> None:
    text = "  Съешь\u202e же\r\n\tещё \x07 "
    assert text_of(text) == text


@pytest.mark.parametrize("text", ["", " ", "\n\t\u2003"])
def test_an_empty_text_is_refused(text: str) -> None:
    assert refusal(lambda: text_of(text)) == ("text-empty", {})


def test_a_text_that_is_too_long_is_refused_in_bytes() -> None:
    assert text_of("ж" * (TEXT_BYTES_MAX // 2))
    found = refusal(lambda: text_of("ж" * (TEXT_BYTES_MAX // 2) + "."))
    assert found == ("text-too-long", {"field": "text", "size": TEXT_BYTES_MAX + 1, "limit": TEXT_BYTES_MAX})


def test_a_text_that_is_not_unicode_is_refused() -> None:
    assert refusal(lambda: text_of("\ud800")) == ("text-unreadable", {"field": "text"})


@pytest.mark.parametrize("precedence", [Precedence.FLASH, Precedence.IMMEDIATE])
def test_an_urgent_text_has_at_most_200_words(precedence: Precedence) -> None:
    assert urgent_text_of("word " * FLASH_WORDS_MAX, precedence)
    found = refusal(lambda: urgent_text_of("word " * (FLASH_WORDS_MAX + 1), precedence))
    assert found == ("message-too-many-words", {"precedence": precedence.name, "words": 201, "limit": 200})


@pytest.mark.parametrize("precedence", [Precedence.PRIORITY, Precedence.ROUTINE, None])
def test_other_texts_may_be_longer(precedence: Precedence | None) -> None:
    assert urgent_text_of("word " * 201, precedence)


def test_a_subject_may_be_empty_and_has_a_limit() -> None:
    assert subject_of("") == ""
    assert refusal(lambda: subject_of("x" * 201))[0] == "text-too-long"


def test_a_reason_is_asked_for_only_where_it_must_be() -> None:
    assert reason_of("") == ""
    assert refusal(lambda: reason_of("  ", required=True)) == ("reason-missing", {})
    assert refusal(lambda: reason_of("x" * (REASON_BYTES_MAX + 1)))[0] == "text-too-long"


def test_the_desk_itself_is_not_named_twice() -> None:
    assert by_of("watch", "watch") == ""
    assert by_of("Lt. Novak", "watch") == "Lt. Novak"
    assert refusal(lambda: by_of("x" * 65, "watch"))[0] == "text-too-long"


@pytest.mark.parametrize("tag", ["en", "ru", "zh-Hant-TW", "sr-Latn", "de-CH-1996", "fr-x-liaison"])
def test_languages(tag: str) -> None:
    assert language_of(tag) == tag


@pytest.mark.parametrize(
    "tag", ["", "e", "english", "en_GB", "en-", "ру", "en\n", "en-abcdefghi", "en" + "-abcdefgh" * 4]
)
def test_what_is_no_language_is_refused(tag: str) -> None:
    assert refusal(lambda: language_of(tag)) == ("language-wrong", {"language": tag})


@pytest.mark.parametrize("role", ["", "Watch", "s 3", "s..3", ".s3", "s3-", "watch\n", "вахта", "x" * 65])
def test_what_is_no_role_is_refused(role: str) -> None:
    assert refusal(lambda: role_of(role)) == ("role-wrong", {"role": role})


def test_somebody_must_act_and_not_too_many() -> None:
    assert roles_of(("watch", "s3"), ("j2",)) == (("watch", "s3"), ("j2",))
    assert refusal(lambda: roles_of((), ("j2",))) == ("roles-missing", {})
    many = tuple(f"r{number}" for number in range(ROLES_MAX + 1))
    assert refusal(lambda: roles_of(many, ()))[0] == "roles-too-many"
    assert refusal(lambda: roles_of(("watch",), many))[0] == "roles-too-many"
    assert refusal(lambda: roles_of(("watch",), ("J2",)))[0] == "role-wrong"


@given(st.text(alphabet="ab9.-\n _A", max_size=8))
def test_the_checks_for_people_and_the_types_of_bodies_agree(text: str) -> None:
    assert _passes(lambda: role_of(text)) == _passes(lambda: msgspec.convert(text, Role))
    assert _passes(lambda: language_of(text)) == _passes(lambda: msgspec.convert(text, Language))


def _passes(act: Callable[[], object]) -> bool:
    try:
        act()
    except (UsageError, msgspec.ValidationError):
        return False
    return True


def test_a_reply_by_lies_ahead() -> None:
    assert deadline_of(None, NOW) is None
    assert deadline_of("2026-11-18T12:00:00.0019Z", NOW) == Instant.from_ms(1_795_003_200_001)
    late = refusal(lambda: deadline_of("2026-11-18T10:00:00Z", NOW))
    assert late == ("reply-by-past", {"time": "181000Z NOV 26", "now": "181106Z NOV 26"})


@pytest.mark.parametrize("text", ["", "soon", "2300Z", "2026-11-18T12:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_cannot_be_read_is_refused(text: str) -> None:
    assert refusal(lambda: deadline_of(text, NOW))[0] == "time-unreadable"


def test_attachments_are_named_by_size_and_digest() -> None:
    assert attachments_of([Attached(size=5, sha256=DIGEST)]) == (Attachment(5, bytes.fromhex(DIGEST)),)
    assert attachments_of([]) == ()


@pytest.mark.parametrize(
    ("attached", "message_id"),
    [
        ([Attached(size=5, sha256=DIGEST.upper())], "attachment-wrong"),
        ([Attached(size=5, sha256=DIGEST[2:])], "attachment-wrong"),
        ([Attached(size=-1, sha256=DIGEST)], "attachment-wrong"),
        ([Attached(size=BLOB_BYTES_MAX + 1, sha256=DIGEST)], "attachment-too-large"),
        ([Attached(size=5, sha256=DIGEST)] * 17, "attachments-too-many"),
    ],
)
def test_what_cannot_be_attached_is_refused(attached: list[Attached], message_id: str) -> None:
    assert refusal(lambda: attachments_of(attached))[0] == message_id


def test_precedences_by_name() -> None:
    assert [precedence_of(name) for name in ("flash", "immediate", "priority", "routine")] == list(Precedence)
