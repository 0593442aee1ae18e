"""Making a party and pairing: what is written where, whom the record says we accept, and what is refused."""

from __future__ import annotations

import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from openline.base.errors import PeerError, StoreError, UsageError
from openline.identity.keys import RootSecrets
from openline.identity.names import line_name, line_origin
from openline.node.config import PathConfig, read_config
from openline.node.folder import Folder
from openline.node.founding import (
    OURSELVES,
    RENEWED,
    create_party,
    load_trust,
    newest_card,
    open_logs,
    own_card,
    pair_offline,
    pairing,
    read_invitation,
)
from openline.record.introduction import make_invitation, open_invitation
from openline.record.ports import Introduction, LineOpened, OpenLog, Write
from openline.store.sqlite import SqliteStore
from tests.node.houses import ALPHA, BRAVO, CHARLIE, START, HandClock, House, card, proof, renewed, secrets_of

PATHS = (
    PathConfig(name="fibre", listen="0.0.0.0:7443", advertise="north.example:7443", sessions=3),
    PathConfig(name="satellite", metered=True, low_rate=True),
)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A party made in a folder, once: locking its root takes a second."""
    folder = tmp_path_factory.mktemp("north") / "party"
    create_party(folder, "north.example", {"en": "North HQ 🛰", "ar": "قيادة"}, PATHS, "a phrase", HandClock("north"))
    return folder


# Founding


def test_a_party_has_keys_configuration_record_and_card(founded: Path) -> None:
    place = Folder(founded)
    for file in (place.config, place.root_key, place.node_keys, place.token, place.record, place.blobs):
        assert file.exists()
    for file in (place.config, place.root_key, place.node_keys, place.token):
        assert file.stat().st_mode & 0o077 == 0
    made = open_invitation(own_card(founded)).card
    assert (made.party, made.endpoints) == ("north.example", (("fibre", "north.example", 7_443, False),))
    assert made.names == (("en", "North HQ 🛰"), ("ar", "قيادة"))
    secrets = place.secrets()
    assert made.log_keys == ((secrets.log.public, 0, ""),)
    assert made.receipt_keys == ((secrets.receipt.public, 0, ""),)


def test_the_configuration_it_gets_is_the_one_it_asked_for(founded: Path) -> None:
    config = read_config(founded)
    assert config.path == PATHS
    assert config.party.names == {"en": "North HQ 🛰", "ar": "قيادة"}
    assert tomllib.loads((founded / "openline.toml").read_text(encoding="utf-8"))["party"]["id"] == "north.example"


def test_a_folder_that_holds_a_party_is_left_alone(founded: Path) -> None:
    before = own_card(founded)
    with pytest.raises(UsageError, match="party-exists"):
        create_party(founded, "south.example", {}, (), "a phrase")
    assert own_card(founded) == before


@pytest.mark.parametrize("name", ["", "North", "no spaces", "-", "a" * 300])
def test_what_is_no_name_makes_no_party(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="party-name-wrong"):
        create_party(tmp_path, name, {}, (), "a phrase")
    assert not list(tmp_path.iterdir())


def test_a_path_that_could_not_be_read_back_makes_no_party(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="config-wrong"):
        create_party(tmp_path, "north.example", {}, [PathConfig(name="fibre", listen="nowhere")], "a phrase")
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_party_has_no_card(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no-party-here"):
        own_card(tmp_path)


# Whom the record says we accept


def kept(*more: Introduction) -> House:
    house = House(ALPHA)
    house.store().commit(list[Write](more))
    return house


def test_everybody_who_was_accepted_is_accepted_after_a_restart() -> None:
    trust = load_trust(House(ALPHA).store())
    assert [(one.card.party, one.confirmed_by) for one in trust.accepted()] == [
        (ALPHA, OURSELVES),
        (BRAVO, "the watch"),
    ]


def test_a_card_that_its_own_root_renewed_counts_and_whoever_confirmed_the_first_still_does() -> None:
    newer, data = renewed(BRAVO, names=(("en", "Bravo, moved"),))
    trust = load_trust(kept(Introduction(BRAVO, data, RENEWED, START)).store())
    (_, bravo) = trust.accepted()
    assert (bravo.card, bravo.confirmed_by) == (newer, "the watch")


def another_root(party: str) -> tuple[str, bytes]:
    """The party with a root that nobody promised, as after a loss: its digits and invitation."""
    root = RootSecrets.from_seed(b"\x77" * 32)
    keys = root.keys(party)
    fresh = replace(
        card(party),
        root_ed25519=keys[0].public,
        root_mldsa44=keys[1].public,
        next_root=root.next_root(party),
        valid_from_ms=START.ms,
    )
    return fresh.fingerprint(), make_invitation([fresh], root, START.seconds)


def test_a_party_that_was_paired_again_by_voice_is_accepted_after_a_restart_too() -> None:
    digits, data = another_root(BRAVO)
    trust = load_trust(kept(Introduction(BRAVO, data, "the watch, again", START)).store())
    bravo = trust.accepted()[1]
    assert (bravo.fingerprint, bravo.confirmed_by) == (digits, "the watch, again")


def test_a_renewal_by_a_root_that_nobody_promised_does_not_pass_as_one() -> None:
    _, data = another_root(BRAVO)
    with pytest.raises(PeerError, match="card-root-unknown"):
        load_trust(kept(Introduction(BRAVO, data, RENEWED, START)).store())


def test_our_own_newest_card_is_ours_whoever_else_was_accepted_since() -> None:
    newer, data = renewed(ALPHA)
    house = kept(Introduction(ALPHA, data, OURSELVES, START), Introduction(BRAVO, renewed(BRAVO)[1], RENEWED, START))
    assert newest_card(house.store()).proof == data
    assert load_trust(house.store()).card(ALPHA) == newer


# Pairing


def test_an_invitation_is_read_and_nothing_accepted() -> None:
    house = House(ALPHA)
    view = read_invitation(proof(CHARLIE), house.store())
    assert (view.party, view.known, view.line) == (CHARLIE, False, "alpha-charlie")
    assert (view.fingerprint, view.own_fingerprint) == (card(CHARLIE).fingerprint(), card(ALPHA).fingerprint())
    assert read_invitation(proof(BRAVO), house.store()).known
    assert load_trust(house.store()).card(CHARLIE) is None


def test_our_own_invitation_is_refused() -> None:
    with pytest.raises(UsageError, match="pair-with-self"):
        read_invitation(proof(ALPHA), House(ALPHA).store())


@pytest.mark.parametrize("data", [b"", b"not an invitation", b"c2sp.org/tlog-proof@v1\n"])
def test_what_is_no_invitation_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError):
        read_invitation(data, House(ALPHA).store())


def paired(by: str = "Lt Berg", digits: str = "", line: str | None = None, data: bytes = b"") -> list[Write]:
    """What alpha would write to accept charlie."""
    confirmed = (by, digits or card(CHARLIE).fingerprint())
    return pairing(data or proof(CHARLIE), House(ALPHA).store(), HandClock(), confirmed, line)[2]


def test_pairing_writes_who_was_accepted_by_whom_and_opens_both_logs() -> None:
    introduction, opened, own, other = paired()
    assert introduction == Introduction(CHARLIE, proof(CHARLIE), "Lt Berg", START)
    assert opened == LineOpened("alpha-charlie", (ALPHA, CHARLIE), START)
    assert isinstance(own, OpenLog)
    assert isinstance(other, OpenLog)
    assert (own.origin, own.own, len(own.salt_key)) == (line_origin(ALPHA, "alpha-charlie"), True, 32)
    assert (other.origin, other.own, other.salt_key) == (line_origin(CHARLIE, "alpha-charlie"), False, bytes(32))
    assert own.salt_key != bytes(32)


def test_other_digits_accept_nobody() -> None:
    with pytest.raises(UsageError, match="trust-digits-differ"):
        paired(digits=card(BRAVO).fingerprint())


@pytest.mark.parametrize("name", [OURSELVES, RENEWED, "", "  "])
def test_what_is_not_the_name_of_a_person_confirms_nothing(name: str) -> None:
    with pytest.raises(UsageError, match="pair-name-wrong"):
        paired(by=name)


@pytest.mark.parametrize(("line", "fault"), [("alpha-bravo", "line-exists"), ("Not a line", "line-name-wrong")])
def test_a_line_that_cannot_be_is_refused(line: str, fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        paired(line=line)


def test_a_known_party_is_paired_again_on_another_line() -> None:
    confirmed = ("Lt Berg", card(BRAVO).fingerprint())
    view, accepted, writes = pairing(proof(BRAVO), House(ALPHA).store(), HandClock(), confirmed, "second")
    assert (view.line, accepted.confirmed_by) == ("second", "Lt Berg")
    assert len(writes) == 4


def test_a_line_of_more_than_two_has_a_log_for_each() -> None:
    writes = open_logs("joint", (ALPHA, BRAVO, CHARLIE), BRAVO, HandClock().entropy)
    assert [write.own for write in writes if isinstance(write, OpenLog)] == [False, True, False]


@pytest.mark.parametrize(
    ("parties", "name"),
    [
        (("bravo.example", "alpha.example"), "alpha-bravo"),
        (("hq.north.example", "hq.south.example"), "hq.north.example-hq.south.example"),
        (("c.example", "a.example", "b.example"), "a-b-c"),
        (("x" * 60 + ".example", "y" * 60 + ".example"), ("x" * 60 + "-" + "y" * 60)[:64]),
    ],
)
def test_a_line_is_called_after_its_parties(parties: tuple[str, ...], name: str) -> None:
    assert line_name(parties) == name


def test_pairing_without_a_running_node_writes_to_the_record(founded: Path) -> None:
    view = pair_offline(founded, proof(BRAVO), None, "Lt Berg", card(BRAVO).fingerprint())
    assert (view.line, view.party, view.members) == ("bravo-north", BRAVO, (BRAVO, "north.example"))
    with closing(SqliteStore(Folder(founded).record)) as store:
        assert [line.line for line in store.lines()] == ["bravo-north"]
        assert load_trust(store).card(BRAVO) == card(BRAVO)
        with pytest.raises(StoreError, match="store-in-use"):
            pair_offline(founded, proof(CHARLIE), None, "Lt Berg", card(CHARLIE).fingerprint())


def test_the_parties_of_these_tests_are_real() -> None:
    assert open_invitation(proof(ALPHA)).card.log_keys == ((secrets_of(ALPHA).log.public, 0, ""),)
