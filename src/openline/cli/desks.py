"""`console`: the certificate that desks trust."""

from __future__ import annotations

from openline.cli.client import JsonObject
from openline.cli.commands import command, flag
from openline.cli.context import App
from openline.cli.output import Cell, Table


@command(
    "cert",
    "openline console cert --dir /var/lib/openline",
    flag("--new-ca", "new_ca", text="Make a new authority too. Every desk must install it again."),
)
def cert(app: App, new_ca: bool) -> None:
    """Make or renew the certificate of the console, signed by the node's own authority.

    It is for the names under [https] in openline.toml and good for 397 days; run it again to renew it. A running node
    takes the new one within a minute. Compare the fingerprint at each desk before you install the file.
    """
    from openline.node.certificate import certify
    from openline.node.config import read_config
    from openline.node.folder import Folder

    folder, config = Folder(app.settings.path), read_config(app.settings.path)
    folder.secrets()
    made = certify(folder, config.party.id, config.https.names, app.now(), anew=new_ca)
    file = str(folder.console_ca)
    value: JsonObject = {
        "fingerprint": made.fingerprint,
        "file": file,
        "new": made.is_new,
        "names": list(made.names),
        "not_after": made.not_after.rfc3339(),
    }
    rows: list[list[Cell | str]] = [
        ["fingerprint", made.fingerprint],
        ["file", file],
        ["names", ", ".join(made.names)],
        ["not_after", made.not_after.dtg()],
    ]
    app.output.result(value, [Table(("", ""), rows)])
    if made.is_new:
        app.output.tell("told-install-ca", file=file)
