"""The desk's view of officers and personal signatures. The officers' file is told to it; the record it looks at."""

from __future__ import annotations

from collections.abc import Collection

from openline.base.errors import UsageError
from openline.line.enrolling import next_pseudonym, pseudonyms
from openline.line.signingview import SignaturesView, SigningView, signatures_view, signing_view
from openline.node.views import Officer
from openline.node.watching import Watching


class Signing(Watching):
    """The desk's eye on who signs. Reads only."""

    def next_pseudonym(self, taken: Collection[str]) -> str:
        """A pseudonym that is not in `taken`, and that no record of ours has ever had."""
        books = {line: state.keeper.book for line, state in self._shown.lines.items()}
        return next_pseudonym({*taken, *pseudonyms(books)})

    def signatures(self, who: Officer, line: str | None, count: int) -> SignaturesView:
        """Officers, signatures, and what is not signed. Raises UsageError."""
        self.allow(who, "read")
        return signatures_view(self.state(line).keeper.book, count)

    def signing(self, who: Officer, line: str | None, entry: str, host: str) -> SigningView:
        """What the passkey of this officer is to sign. Raises UsageError when it cannot."""
        self.allow(who, "read")
        if not who.officer:
            raise UsageError("signature-passkey-needed")
        return signing_view(self.state(line).keeper.book, entry, who.officer, host, self.mark_of(None))
