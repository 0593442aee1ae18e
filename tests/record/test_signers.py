"""Who signs the logs of a line: every key from the newest card, and a policy other people's tools understand."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from openline.base.errors import UsageError
from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44
from openline.identity.names import line_origin, mirror_name
from openline.identity.trust import Accepted, Trust
from openline.record.checkpoint import open_checkpoint
from openline.record.introduction import make_invitation
from openline.record.policy import evaluate, parse_policy
from openline.record.ports import Introduction
from openline.record.signers import Signers, trust_of
from tests.identity import parties
from tests.identity.parties import ALPHA, ALPHA_NODE, BRAVO, BRAVO_NODE, MALLORY
from tests.record.lines import ALPHA_LOG, BRAVO_LOG, LINE, MEMBERS, START, bundle_of, files_of, talk


def signers(*cards: object, members: tuple[str, ...] = MEMBERS) -> Signers:
    known = [card for card in (ALPHA, BRAVO, MALLORY) if card.party in members]
    return Signers(Trust(Accepted(card, card.fingerprint(), START, "") for card in known), LINE, members)


def test_keys_are_those_of_the_cards() -> None:
    both = signers()
    assert both.owner_public(ALPHA_LOG, 1) == ALPHA_NODE.log.public
    assert both.keeper_public("bravo.example", ALPHA_LOG, 1) == BRAVO_NODE.receipt.public
    assert both.mirrors(ALPHA_LOG) == [mirror_name(BRAVO_LOG)]
    owner, keeper = both.seal_key(ALPHA_LOG, ALPHA_LOG, 1), both.seal_key(ALPHA_LOG, mirror_name(BRAVO_LOG), 1)
    assert owner is not None
    assert keeper is not None
    assert (owner.public, keeper.public) == (ALPHA_NODE.seal.public, BRAVO_NODE.seal.public)


def test_nobody_else_has_a_key() -> None:
    both = signers()
    assert both.owner_public("mallory.example/line/joint", 1) is None
    assert both.owner_public("no origin", 1) is None
    assert both.keeper_public("mallory.example", ALPHA_LOG, 1) is None
    for name in (mirror_name(ALPHA_LOG), "mallory.example/line/joint/mirror", "", BRAVO_LOG):
        assert both.seal_key(ALPHA_LOG, name, 1) is None


def test_the_policy_asks_for_everyone_elses_receipt() -> None:
    three = signers(members=("alpha.example", "bravo.example", "mallory.example"))
    data = three.policy(ALPHA_LOG, 1)
    assert data is not None
    policy = parse_policy(data)
    assert [log.key.name for log in policy.logs] == [ALPHA_LOG]
    assert [one.name for one in policy.witnesses] == three.mirrors(ALPHA_LOG)
    assert (policy.quorum, policy.groups[0].threshold) == ("receipts", 2)


def test_there_is_no_policy_without_every_key() -> None:
    three = Signers(signers().trust, LINE, ("alpha.example", "bravo.example", "mallory.example"))
    assert three.policy(ALPHA_LOG, 1) is None
    assert three.policy(line_origin("mallory.example", LINE), 1) is None


def test_the_policy_in_a_bundle_is_met_by_the_checkpoint_beside_it() -> None:
    files = files_of(bundle_of(talk().alpha))
    for party in MEMBERS:
        policy = parse_policy(files[f"logs/{party}/policy"])
        opened = open_checkpoint(files[f"logs/{party}/checkpoint"], policy.keys())
        assert evaluate(policy, opened).good
        assert {one.key.kind for one in opened.verified} == {KIND_ED25519, KIND_COSIGNATURE}


def test_an_owner_that_receipts_its_own_log_does_not_meet_the_policy() -> None:
    data = signers().policy(ALPHA_LOG, 1)
    assert data is not None
    assert ALPHA_NODE.receipt.public not in {one.key.public for one in parse_policy(data).witnesses}


def test_the_newest_card_counts() -> None:
    line = talk()
    newer = msgspec.structs.replace(
        ALPHA, valid_from_ms=ALPHA.valid_from_ms + 1, log_keys=(*ALPHA.log_keys, (parties.node(7).log.public, 100, ""))
    )
    proof = make_invitation([ALPHA, newer], parties.ALPHA_ROOT, 1_790_000_000)
    line.alpha.store.commit([Introduction("alpha.example", proof, "the test", START)])
    later = Signers(trust_of(line.alpha.store.introductions(), MEMBERS), LINE, MEMBERS)
    assert later.owner_public(ALPHA_LOG, 99) == ALPHA_NODE.log.public
    assert later.owner_public(ALPHA_LOG, 100) == parties.node(7).log.public


def test_a_checkpoint_of_an_unknown_signer_is_not_written() -> None:
    line = talk()
    signed = line.alpha.own.signed
    assert signed is not None
    both = signers()
    with pytest.raises(UsageError, match="bundle-no-key"):
        both.note_lines(replace(signed, origin="mallory.example/line/joint"), [], [])
    assert [one.name for one in both.note_lines(signed, [], [])] == [ALPHA_LOG]
    assert KIND_MLDSA44 not in {key.kind for key in both.trust.keys("mallory.example/line/joint", 1)[:1]}
