"""How two ends come to a session: who the other is, whether TLS is what it must be, and what a failure means.

Sans-IO: bytes in, bytes out. The end is `peer` or `fault`, never both and never neither.
"""

from __future__ import annotations

from dataclasses import dataclass

from OpenSSL import SSL

from openline.base.errors import PathError
from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Who

GROUP_HYBRID = "X25519MLKEM768"
GROUP_LOW_RATE = "secp256r1"
HANDSHAKE_BYTES_MAX = 16_384  # ours take 2 kB each way; a stranger may not make us read more

_BIO_BYTES = 65_536
_HEADER_BYTES = 5
_FIRST_BYTES = (0x14, 0x15, 0x16)  # change cipher spec, alert, handshake (RFC 8446 section 5.1)

# What OpenSSL says, and what it means for the path.
_MEANINGS = {
    "unsupported protocol": "path-tls-too-old",
    "tlsv1 alert protocol version": "path-tls-too-old",
    "no suitable key share": "path-group-not-allowed",
    "peer did not return a certificate": "path-key-missing",
    "tlsv1 alert unknown ca": "path-refused-us",
    "tlsv1 alert access denied": "path-refused-us",
    "tls alert bad certificate": "path-refused-us",
    "tls alert certificate unknown": "path-refused-us",
    "tls alert unsupported certificate": "path-refused-us",
    "tlsv13 alert certificate required": "path-refused-us",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a session comes about. `wanted` is the party we dial; None answers any that is pinned."""

    path: str
    rules: Rules
    identity: TlsIdentity
    who: Who
    receiver: Receiver
    wanted: str | None = None


class Handshake:
    """One handshake. It owns `tls` until it is done, and then hands it to the session."""

    def __init__(self, terms: Terms, address: str) -> None:
        """With the end at `address`."""
        self.peer: str | None = None
        self.fault: PathError | None = None
        self._terms = terms
        self._address = address
        self._known: str | None = None
        self._refused: PathError | None = None
        self._stream = bytearray()
        dialled = terms.wanted is not None
        self.tls = (
            terms.identity.dial(self._judge, terms.rules.low_rate) if dialled else terms.identity.answer(self._judge)
        )

    def advance(self, data: bytes | memoryview = b"") -> bytes:
        """Take what came, and give what must be sent. Afterwards look at `peer` and `fault`.

        Application data may have come with the end of the handshake: it waits in `tls`.
        """
        assert self.peer is None, "the handshake is done"
        assert self.fault is None, "the handshake has failed"
        if data:
            if not self._stream and data[0] not in _FIRST_BYTES:
                self.fail("path-not-tls")
                return b""
            self._stream += data
            self.tls.bio_write(data)
        try:
            self.tls.do_handshake()
        except SSL.WantReadError:
            if len(self._stream) > HANDSHAKE_BYTES_MAX:
                self.fail("path-handshake-failed", detail="too many bytes")
        except SSL.Error as why:
            self._explain(why)
        else:
            self._conclude()
        return self._answer()

    def unfinished_bytes(self) -> int:
        """How many bytes have come of a record that is not whole yet. Records tell their size in the clear."""
        start, end = 0, len(self._stream)
        while end - start >= _HEADER_BYTES:
            stop = start + _HEADER_BYTES + int.from_bytes(self._stream[start + 3 : start + _HEADER_BYTES], "big")
            if stop > end:
                break
            start = stop
        return end - start

    def fail(self, message_id: str, **facts: str) -> PathError:
        """Give up for this reason."""
        self.fault = self._error(message_id, **facts)
        self._let_go()
        return self.fault

    def _judge(self, digest: bytes) -> bool:
        self._known, self._refused = None, None
        party = self._terms.who(digest)
        if party is None:
            self._refused = self._error("path-key-unknown", pin=digest.hex())
        elif self._terms.wanted not in (None, party):
            self._refused = self._error("path-other-party", wanted=str(self._terms.wanted), party=party)
        else:
            self._known = party
        return self._known is not None

    def _error(self, message_id: str, **facts: str) -> PathError:
        return PathError(message_id, path=self._terms.path, address=self._address, **facts)

    def _explain(self, why: SSL.Error) -> None:
        if self._refused is not None:
            self.fault = self._refused
            self._let_go()
            return
        reasons = reasons_of(why)
        meanings = [_MEANINGS[reason] for reason in reasons if reason in _MEANINGS]
        if meanings:
            self.fail(meanings[0])
        else:
            self.fail("path-handshake-failed", detail=", ".join(reasons) or "no reason given")

    def _conclude(self) -> None:
        """OpenSSL is content; now what it cannot be told to check."""
        group = self.tls.get_group_name() or "none"
        if group != GROUP_HYBRID and not (self._terms.rules.low_rate and group == GROUP_LOW_RATE):
            self.fail("path-group-not-allowed", group=group)
            self.tls.shutdown()
        else:
            assert self._known is not None, "OpenSSL has asked about the key"
            self.peer = self._known
            self._let_go()

    def _let_go(self) -> None:
        """Nothing is judged any more; and what a stranger made us build is freed at once, not when next collected."""
        self.tls.set_app_data(None)

    def _answer(self) -> bytes:
        try:
            return self.tls.bio_read(_BIO_BYTES)
        except SSL.WantReadError:
            return b""


def is_refusal(why: SSL.Error) -> bool:
    """Whether the peer says that it does not want our key. It says so when our side of the handshake is done."""
    return any(_MEANINGS.get(reason) == "path-refused-us" for reason in reasons_of(why))


def reasons_of(why: SSL.Error) -> list[str]:
    """OpenSSL's words: an SSL.Error carries a list of (library, function, reason)."""
    stack = why.args[0] if why.args else []
    return [str(entry[-1]) for entry in stack] if isinstance(stack, list) else [str(part) for part in why.args]
