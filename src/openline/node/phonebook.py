"""The desk phones in `openline.toml`: a row is written to its end or taken out of it, and nothing else is touched.

A row holds a digest of the phone's password, never the password. Every change is read again as the node will read it
before it is written, so that a node never meets a file that this has broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec.structs import replace

from openline.base.errors import StoreError, UsageError
from openline.node.config import Config, PhoneConfig, parse_config
from openline.node.folder import Folder, replace_secret

_HEADER = re.compile(r"[ \t]*\[+[ \t]*(?P<name>[A-Za-z0-9_\"'. -]+?)[ \t]*\]+[ \t]*(?:#.*)?\Z")
_ASIDE = re.compile(r"[ \t]*(?:#.*)?\Z")


def realm_of(config: Config) -> str:
    """What stands in the digests of the phones' passwords."""
    return config.phones.realm or config.party.id


def row_text(row: PhoneConfig) -> str:
    """A row as it stands in the file."""
    digests = ", ".join(f"{name} = {_quoted(value)}" for name, value in row.digests.items())
    lines = ["[[phone]]", f"name = {_quoted(row.name)}", f"desk = {_quoted(row.desk)}", f"digests = {{ {digests} }}"]
    if row.networks:
        lines.append(f"networks = [{', '.join(map(_quoted, row.networks))}]")
    if not row.rings:
        lines.append("rings = false")
    return "\n".join(lines) + "\n"


def with_phone(text: str, row: PhoneConfig, file: str) -> str:
    """The text of the file with one phone more. Raises UsageError when the file is wrong, or would be."""
    before = parse_config(text, file)
    if any(one.name == row.name for one in before.phone):
        raise UsageError("phone-name-taken", phone=row.name)
    if before.phones.host is None:
        raise UsageError("phones-not-set-up", file=file)
    after = text.rstrip("\n") + "\n\n" + row_text(row)
    _check(after, replace(before, phone=(*before.phone, row)), file, row.name)
    return after


def without_phone(text: str, name: str, file: str) -> str:
    """The text of the file without this phone. Raises UsageError when there is none of the name."""
    before = parse_config(text, file)
    number = next((number for number, one in enumerate(before.phone) if one.name == name), None)
    if number is None:
        raise UsageError("phone-unknown", phone=name, file=file)
    rows = list(_rows(text.splitlines(keepends=True)))
    if len(rows) != len(before.phone):
        raise UsageError("phone-change-by-hand", phone=name, file=file)
    lines = text.splitlines(keepends=True)
    first, last = rows[number]
    after = "".join([*lines[:first], *lines[last:]])
    _check(after, replace(before, phone=before.phone[:number] + before.phone[number + 1 :]), file, name)
    return after


def rewrite(folder: Folder, text: str) -> None:
    """Write the file whole or not at all, readable by its owner alone. Raises StoreError."""
    try:
        place = folder.config.resolve(strict=True)
    except OSError as why:
        raise StoreError("folder-not-writable", folder=str(folder.path), detail=why.strerror or "") from why
    replace_secret(place, text.encode())


def _rows(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where each `[[phone]]` begins and ends; what is said before the next table belongs to that one."""
    headers = [(number, found["name"]) for number, line in enumerate(lines) if (found := _HEADER.match(line.rstrip()))]
    ends = [number for number, name in headers if not name.startswith("phone.")] + [len(lines)]
    for number, name in headers:
        if name == "phone":
            end = next(one for one in ends if one > number)
            while end < len(lines) and _ASIDE.match(lines[end - 1].rstrip("\r\n")):
                end -= 1
            yield number, end


def _check(text: str, meant: Config, file: str, name: str) -> None:
    """Refuse a text that does not say what is meant, such as one with a row that no eye for lines can find."""
    try:
        right = parse_config(text, file) == meant
    except UsageError as why:
        if why.message_id == "config-wrong":
            raise
        right = False
    if not right:
        raise UsageError("phone-change-by-hand", phone=name, file=file)


def _quoted(text: str) -> str:
    """A string of TOML. What JSON writes is one, but for DEL, which no name of ours has."""
    return json.dumps(text, ensure_ascii=False)
