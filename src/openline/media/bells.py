"""The desk phones of the house: those that are rung for a call, those that were picked up, those that dial us.

Whoever picks up first has the call, and the other phones stop ringing. A phone that rings is no leg that the node knows
of; it becomes one when it is picked up. The only module of the house that needs sippy.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from ipaddress import ip_network

from openline.base.errors import UsageError
from openline.media import words
from openline.media.phone_leg import PhoneLeg
from openline.media.phones import PhoneRow, Phones, PhoneSettings, Ringing
from openline.media.ports import LegOwner
from openline.media.sip_digest import PasswordDigest
from openline.media.sip_door import Note

_ALGORITHMS = ("SHA-256", "MD5")


class Bells:
    """Mutable; owned by the house. `registered` is told the phones that can be rung when they have changed."""

    def __init__(
        self,
        owner: LegOwner,
        note: Note,
        number: Callable[[], int],
        registered: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._owner = owner
        self._note = note
        self._number = number
        self._registered = registered
        self._phones: Phones | None = None
        self._desks: dict[str, str] = {}
        self._ringing: dict[int, dict[str, Ringing]] = {}
        self._rung: set[int] = set()
        self._said: tuple[str, ...] = ()
        self._changing = asyncio.Lock()

    @property
    def ports(self) -> tuple[int, int]:
        """The ports phones reach us at, UDP and TLS; 0 where they do not."""
        return (0, 0) if self._phones is None else self._phones.ports

    async def are(self, word: words.PhonesAre) -> None:
        """These are our phones from now on. What cannot be is noted, and then there are none."""
        async with self._changing:
            await self._stop()
            try:
                phones = Phones(_settings(word), self._owner, self._note, self._number)
                await phones.start()
            except UsageError as why:
                self._note(why.message_id, **why.facts)
                return
            except (OSError, ValueError) as why:  # the certificate, or a row that no network can be made of
                self._note("phones-cannot-listen", address=word.host, detail=str(why))
                return
            self._phones = phones
            self._desks = {row.name: row.desk for row in word.phones}

    async def stop(self) -> None:
        """Hang up everywhere."""
        async with self._changing:
            await self._stop()

    def ring(self, word: words.RingPhones) -> None:
        """Ring those that may ring, or those of the desks; what rings for this call already goes on."""
        if self._phones is None:
            return
        ringing = self._ringing.setdefault(word.call, {})
        names = self._phones.registered() if word.desks else self._phones.bell()
        for name in names:
            if name in ringing or (word.desks and self._desks[name] not in word.desks):
                continue
            try:
                ringing[name] = self._phones.ring(name, word.who)
            except UsageError as why:
                self._note(why.message_id, **why.facts)
            else:
                self._rung.add(ringing[name].leg.number)

    def silence(self, call: int) -> None:
        """Ring for this call no longer. Who has picked up stays up."""
        for ringing in self._ringing.pop(call, {}).values():
            ringing.cancel()

    def picked_up(self, leg: PhoneLeg) -> words.LegUp | None:
        """A phone is on the line: what the node is told of it; None when another phone was quicker."""
        desk = self._desks.get(leg.phone, "")
        if leg.number not in self._rung:
            return words.LegUp(leg.number, desk, leg.phone, 0, leg.dialled)
        self._rung.discard(leg.number)
        for call, ringing in list(self._ringing.items()):
            if any(one.leg is leg for one in ringing.values()):
                self.silence(call)
                return words.LegUp(leg.number, desk, leg.phone, call)
        return None

    def given_up(self, leg: PhoneLeg) -> None:
        """A phone that rang does not any more. It can be rung for the same call again."""
        self._rung.discard(leg.number)
        for ringing in self._ringing.values():
            for name in [name for name, one in ringing.items() if one.leg is leg]:
                del ringing[name]

    def numbers(self) -> set[int]:
        """The numbers of phones that ring."""
        return self._rung

    def look(self) -> None:
        """Say which phones can be rung, when that has changed. To be called every second or so."""
        names = () if self._phones is None else tuple(self._phones.registered())
        if names != self._said:
            self._said = names
            self._registered(names)

    async def _stop(self) -> None:
        phones, self._phones = self._phones, None
        self._ringing.clear()
        self._rung.clear()
        if phones is not None:
            await phones.stop()


def _settings(word: words.PhonesAre) -> PhoneSettings:
    """Raises OSError for a certificate that cannot be used, ValueError for what is no network or no digest."""
    context = None
    if word.tls_file:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(word.tls_file)
    return PhoneSettings(
        host=word.host,
        realm=word.realm,
        lan=tuple(ip_network(each) for each in word.lan),
        phones=tuple(_row(row) for row in word.phones),
        udp_port=word.udp_port,
        tls_port=word.tls_port if context is not None else None,
        tls=context,
        rtp_ports=range(*word.rtp_ports),
        rings_s=word.rings_s,
    )


def _row(row: words.PhoneRow) -> PhoneRow:
    """A phone is offered the best algorithm that its row has a digest for, and no other."""
    for algorithm in _ALGORITHMS:
        if algorithm in row.digests:
            networks = tuple(ip_network(each) for each in row.networks)
            return PhoneRow(row.name, PasswordDigest(algorithm, row.digests[algorithm]), networks, row.rings)
    raise ValueError(f"{row.name} has no digest")
