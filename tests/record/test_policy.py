"""The policy file: its grammar, what is refused, and what it says of a checkpoint."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.identity.keys import KIND_COSIGNATURE, KIND_MLDSA44, Ed25519Secret, MlDsaSecret, VerifierKey
from openline.record.checkpoint import Checkpoint, Opened, Verified
from openline.record.policy import (
    POLICY_BYTES_MAX,
    POLICY_LINES_MAX,
    Group,
    LogLine,
    Policy,
    Witness,
    evaluate,
    parse_policy,
    write_policy,
)
from openline.record.tree import leaf_hash
from tests.identity.parties import seed
from tests.identity.vectors import read_vectors
from tests.record.samples import LOG_KEY, ORIGIN, RECEIPT_KEY, SEAL_KEY


class Verdict(msgspec.Struct):
    signed: list[str]
    good: bool
    witnessed: list[str]


class Refused(msgspec.Struct):
    why: str
    policy: str


class Vectors(msgspec.Struct):
    policy: str
    logs: list[str]
    witnesses: list[str]
    groups: list[tuple[str, int, list[str]]]
    quorum: str
    verdicts: list[Verdict]
    refused: list[Refused]


VECTORS = read_vectors("policy.json", Vectors)
POLICY = parse_policy(VECTORS.policy.encode())
SIMPLE = Policy((LogLine(LOG_KEY),), (Witness("bravo", RECEIPT_KEY, "https://a"),), (), "bravo")


def signed_by(*keys: VerifierKey, origin: str = ORIGIN) -> Opened:
    """A checkpoint these keys have signed."""
    checkpoint = Checkpoint(origin, 1, leaf_hash(b""))
    return Opened(checkpoint, tuple(Verified(key, None, b"") for key in keys))


def test_a_policy() -> None:
    assert [log.key.name for log in POLICY.logs] == VECTORS.logs
    assert [witness.name for witness in POLICY.witnesses] == VECTORS.witnesses
    assert [(one.name, one.threshold, list(one.members)) for one in POLICY.groups] == VECTORS.groups
    assert POLICY.quorum == VECTORS.quorum
    assert parse_policy(write_policy(POLICY)) == POLICY
    assert ORIGIN in {key.name for key in POLICY.keys()}  # noqa: SIM118 - a policy is no dict


@pytest.mark.parametrize("vector", VECTORS.verdicts, ids=lambda vector: ",".join(vector.witnessed) or "none")
def test_verdicts(vector: Verdict) -> None:
    verdict = evaluate(POLICY, signed_by(*map(VerifierKey.parse, vector.signed)))
    assert verdict.good == vector.good
    assert sorted(verdict.witnessed) == vector.witnessed


@pytest.mark.parametrize("vector", VECTORS.refused, ids=lambda vector: vector.why)
def test_what_is_no_policy_is_refused(vector: Refused) -> None:
    with pytest.raises(PeerError, match="policy-wrong"):
        parse_policy(vector.policy.encode())


def test_the_line_that_is_wrong_is_named() -> None:
    with pytest.raises(PeerError) as caught:
        parse_policy(b"# one\n\nquorums none\n")
    assert caught.value.facts == {"line": 3, "detail": "unknown word"}


def test_blanks_and_comments_do_not_count() -> None:
    text = f"\t# a policy\n\n  log\t{LOG_KEY.text()}  \n \nquorum  none\t\n"
    assert parse_policy(text.encode()) == Policy((LogLine(LOG_KEY),), (), (), "none")


def test_a_no_break_space_is_not_white_space() -> None:
    text = f"witness a\u00a0b {RECEIPT_KEY.text()}\nquorum a\u00a0b\n"
    assert parse_policy(text.encode()).quorum == "a\u00a0b"


def test_names_are_opaque_bytes() -> None:
    data = b"witness \xff\xfe " + RECEIPT_KEY.text().encode() + b"\nquorum \xff\xfe\n"
    policy = parse_policy(data)
    assert write_policy(policy) == data
    with pytest.raises(PeerError, match="policy-wrong"):
        parse_policy(data.replace(b"quorum \xff", b"quorum \xfd"))


def test_without_quorum_the_log_alone_is_enough() -> None:
    policy = Policy((LogLine(LOG_KEY),), (), (), "none")
    assert evaluate(policy, signed_by(LOG_KEY)).good
    assert not evaluate(policy, signed_by(RECEIPT_KEY)).good


def test_a_log_key_does_not_count_on_another_log() -> None:
    assert not evaluate(SIMPLE, signed_by(LOG_KEY, RECEIPT_KEY, origin="alpha.example/line/other")).good
    assert evaluate(SIMPLE, signed_by(LOG_KEY, RECEIPT_KEY)).good


def test_a_seal_of_the_log_counts_as_its_signature() -> None:
    policy = Policy((LogLine(SEAL_KEY),), (), (), "none")
    assert evaluate(policy, signed_by(SEAL_KEY)).log == SEAL_KEY


def test_the_words_of_a_group() -> None:
    witnesses = tuple(
        Witness(f"w{number}", VerifierKey("w", KIND_COSIGNATURE, Ed25519Secret(seed(number)).public))
        for number in range(3)
    )
    names = tuple(witness.name for witness in witnesses)
    for threshold, word in ((1, "any"), (2, "2"), (3, "all")):
        policy = Policy((), witnesses, (Group("g", threshold, names),), "g")
        assert f"group g {word} w0 w1 w2\n" in write_policy(policy).decode()
        for count in range(4):
            met = evaluate(policy, signed_by(*(witness.key for witness in witnesses[:count]))).quorum_met
            assert met == (count >= threshold)


@pytest.mark.parametrize(
    "policy",
    [
        Policy((), (Witness("a b", RECEIPT_KEY),), (), "a b"),
        Policy((), (Witness(" a", RECEIPT_KEY),), (), " a"),
        Policy((), (Witness("", RECEIPT_KEY),), (), "none"),
        Policy((LogLine(LOG_KEY, "a\nb"),), (), (), "none"),
        Policy((LogLine(RECEIPT_KEY),), (), (), "none"),
        Policy((), (), (Group("g", 1, ()),), "g"),
        Policy((), (), (), "nobody"),
    ],
)
def test_what_cannot_be_read_is_not_written(policy: Policy) -> None:
    with pytest.raises(PeerError, match="policy-wrong"):
        write_policy(policy)


def test_as_many_lines_as_the_specification_asks_for_and_no_end_of_them() -> None:
    keys = [MlDsaSecret(number.to_bytes(32, "big")).public for number in range(POLICY_LINES_MAX + 1)]
    witnesses = [Witness(f"w{n}", VerifierKey("w", KIND_MLDSA44, key)) for n, key in enumerate(keys)]
    assert parse_policy(write_policy(Policy((), tuple(witnesses[:32]), (), "w0"))).quorum == "w0"
    with pytest.raises(PeerError, match="policy-wrong"):
        write_policy(Policy((), tuple(witnesses), (), "w0"))
    with pytest.raises(PeerError, match="policy-too-large"):
        parse_policy(b"#" * POLICY_BYTES_MAX + b"\n")


words = st.sampled_from(
    ["log", "witness", "group", "quorum", "none", "any", "all", "1", "a", "b", LOG_KEY.text(), RECEIPT_KEY.text(), "#"]
)


@pytest.mark.fuzz
@given(st.lists(st.lists(words, max_size=5).map(" ".join), max_size=6).map("\n".join) | st.text(max_size=40))
def test_any_text_is_a_policy_or_refused(text: str) -> None:
    data = (text + "\nquorum none\n").encode("utf-8", "surrogatepass")
    try:
        policy = parse_policy(data)
    except PeerError:
        return
    assert parse_policy(write_policy(policy)) == policy
