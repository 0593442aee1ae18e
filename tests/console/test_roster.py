"""The officers' file is what the console asks for: checked by mypy here, and by what it answers."""

from __future__ import annotations

from pathlib import Path

from openline.console.roster import InviteRow, PasskeyRow, Roster, SessionRow
from openline.store.officers import Invite, Passkey, Session, SqliteOfficers
from tests.console.floor import Floor


def _held(roster: SqliteOfficers, passkey: Passkey, invite: Invite, session: Session) -> object:
    asked: tuple[Roster, PasskeyRow, InviteRow, SessionRow] = (roster, passkey, invite, session)
    return asked


def test_the_officers_file_has_every_method_the_console_asks_for(tmp_path: Path) -> None:
    wanted = {name for name in vars(Roster) if not name.startswith("_")}
    with Floor(tmp_path) as floor:
        assert all(callable(getattr(floor.officers, name)) for name in wanted)
        assert floor.officers.passkeys() == []
        assert floor.officers.sessions() == []
        assert floor.officers.invite(bytes(32)) is None
