"""The node's folder: where each thing lies, and how secrets are written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from openline.base.errors import StoreError, UsageError
from openline.identity.keys import NodeSecrets


@dataclass(frozen=True, slots=True)
class Folder:
    """`openline.toml`, `keys/`, `record.db`, `blobs.db`, `officers.db`, `recordings/`, `search.db`,
    `books.snapshot` and `api.sock` of one node."""

    path: Path

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.path / "openline.toml"

    @property
    def root_key(self) -> Path:
        """The root's age file: needed to sign a new card only, so it is moved off this machine."""
        return self.path / "keys" / "root.age"

    @property
    def node_keys(self) -> Path:
        """The running node's secrets, mode 0600."""
        return self.path / "keys" / "node.cbor"

    @property
    def token(self) -> Path:
        """The bearer token of the loopback console, mode 0600."""
        return self.path / "keys" / "console.token"

    @property
    def console_ca(self) -> Path:
        """The console's own certificate authority: the file to install on the desks. Not secret."""
        return self.path / "keys" / "console-ca.crt"

    @property
    def console_ca_key(self) -> Path:
        """Its key, mode 0600."""
        return self.path / "keys" / "console-ca.key"

    @property
    def console_certificate(self) -> Path:
        """The console's certificate for HTTPS with its key, mode 0600."""
        return self.path / "keys" / "console.pem"

    @property
    def record(self) -> Path:
        """The record."""
        return self.path / "record.db"

    @property
    def blobs(self) -> Path:
        """The attachments."""
        return self.path / "blobs.db"

    @property
    def officers(self) -> Path:
        """Who may open the console."""
        return self.path / "officers.db"

    @property
    def recordings(self) -> Path:
        """The frames of recorded calls. They are the party's own: the record stands without them."""
        return self.path / "recordings"

    @property
    def search(self) -> Path:
        """The search index: derived from the record, in no backup, made anew when it is missing."""
        return self.path / "search.db"

    @property
    def snapshot(self) -> Path:
        """The books as they were a while ago: derived, in no backup, refused when it is not of this record."""
        return self.path / "books.snapshot"

    @property
    def socket(self) -> Path:
        """Where the command line reaches the node."""
        return self.path / "api.sock"

    def secrets(self) -> NodeSecrets:
        """The node's secrets. Raises UsageError when they are missing or unreadable."""
        try:
            return NodeSecrets.unpack(self.node_keys.read_bytes())
        except FileNotFoundError:
            raise UsageError("no-party-here", folder=str(self.path)) from None
        except OSError as why:
            raise UsageError("node-keys-unreadable") from why


def write_secret(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 that did not exist, durably. Raises StoreError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as why:
        raise StoreError("folder-not-writable", folder=str(path.parent), detail=why.strerror or "") from why


def replace_secret(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 in the place of one that may be there, whole or not at all. Raises StoreError."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    write_secret(fresh, data)
    try:
        fresh.rename(path)
    except OSError as why:
        raise StoreError("folder-not-writable", folder=str(path.parent), detail=why.strerror or "") from why
