"""What the doors of a node need to know of its officers, made of its configuration and its folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from openline.base.errors import OpenlineError
from openline.base.limits import SESSION_SWEEP_US
from openline.base.time import SECOND_US
from openline.console.auth import read_tokens
from openline.console.sessions import Sessions
from openline.node.config import Config, split_address
from openline.node.journal import Journal
from openline.node.roles import check_role, role_or_watch

HTTPS_PORT = 443


def positions_of(config: Config) -> Mapping[str, str]:
    """Every position with its role; one of the desk's name where none is configured.

    That one is of the watch, unless it is called like another role.
    """
    if not config.position:
        return {config.desk.name: role_or_watch(config.desk.name, config.desk.roles)}
    return {position.name: position.role or position.name for position in config.position}


def tokens_of(file: Path, config: Config) -> dict[bytes, tuple[str, str]]:
    """The token file (`console.auth.read_tokens`). Raises UsageError, also where a role in it is none."""
    tokens = read_tokens(file)
    for desk, role in tokens.values():
        check_role(role, desk, config.desk.roles)
    return tokens


def addresses_of(config: Config) -> tuple[str, ...]:
    """Where the console can be opened under a name that passkeys take."""
    found = []
    if config.https.listen is not None:
        _, port = split_address(config.https.listen)
        found += [f"https://{name}" + ("" if port == HTTPS_PORT else f":{port}") for name in config.https.names]
    if config.http.listen is not None:
        found.append(f"http://localhost:{split_address(config.http.listen)[1]}")
    return tuple(found)


async def keep_sessions(sessions: Sessions, journal: Journal, also: Callable[[], None]) -> None:
    """End sessions that are over and keep what has changed, for ever; `also` is done each time as well.

    A file that cannot be written is noted: sessions go on in memory, and so does the line.
    """
    while True:
        await asyncio.sleep(SESSION_SWEEP_US / SECOND_US)
        try:
            keep = sessions.sweep()
            if keep is not None:
                await asyncio.to_thread(keep)
            also()
        except OpenlineError as why:
            journal.say("console-trouble", fault=why.message_id)
