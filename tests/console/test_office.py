"""What the doors share: one write after the other, and what follows a write follows before the next."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.console.floor import Floor


def test_what_follows_a_write_happens_before_the_next_write(tmp_path: Path) -> None:
    with Floor(tmp_path) as floor:
        order: list[str] = []

        async def write(name: str) -> None:
            await floor.office.write(lambda: order.append(f"{name} written"), lambda _: order.append(f"{name} known"))

        async def both() -> None:
            await asyncio.gather(*(write(name) for name in "abc"))

        asyncio.run(both())
    assert order == [f"{name} {what}" for name in "abc" for what in ("written", "known")]


def test_a_revocation_between_login_and_session_leaves_no_session(tmp_path: Path) -> None:
    """Whichever of the two is written first, a session of a revoked passkey does not stay open."""
    from tests.console.authenticator import Authenticator
    from tests.console.floor import Browser, options_of

    with Floor(tmp_path) as floor:
        browser, operator = Browser(floor), Browser(floor, floor.socket)
        key = Authenticator(browser.origin)
        assert browser.register(key, floor.invite()).status == 200
        assert browser.delete("/session").status == 200
        signed = key.sign(options_of(browser.post("/passkeys/login/begin")))

        async def at_once() -> tuple[int, int]:
            finish = browser.asked("POST", "/passkeys/login/finish", {"credential": signed})
            replies = await asyncio.gather(finish, operator.asked("POST", "/officers/S-1/withdraw", {"reason": "lost"}))
            return replies[0].status, replies[1].status

        assert asyncio.run(at_once())[1] == 200
        assert browser.get("/session").status in (401, 403)
        assert floor.officers.sessions() == []
