"""The files of a bundle as an auditor takes them: what is not there, not wanted or damaged becomes a finding.

Nothing here knows what the files mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openline.record.archive import Archive
from openline.record.verdict import Findings


class Shelf:
    """The files of one archive. Mutable: remembers what was asked for. Every size is looked at before reading."""

    def __init__(self, archive: Archive, findings: Findings) -> None:
        self._archive = archive
        self._findings = findings
        self._asked: set[str] = set()
        self._missing: set[str] = set()

    def take(self, name: str, size_bytes_max: int) -> bytes | None:
        """A file that belongs here; None, and a finding, when it is not there or too large."""
        if name not in self._archive:
            self._miss(name)
            return None
        return self.find(name, size_bytes_max)

    def find(self, name: str, size_bytes_max: int) -> bytes | None:
        """A file that may be here; None when it is not, or, with a finding, when it is too large."""
        size = self._archive.size(name)
        if size is None:
            return None
        first = name not in self._asked
        self._asked.add(name)
        if size <= size_bytes_max:
            return self._archive.read(name)
        if first:
            self._findings.false("audit-file-wrong", name=name, detail="too large")
        return None

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file that is there, in pieces."""
        self._asked.add(name)
        return self._archive.chunks(name)

    def series(self, folder: str, name_of: Callable[[int], str]) -> list[str]:
        """The numbered files of a folder, in order; a gap is a finding. A file that is not so named is a stray."""
        names = []
        expected = 0
        for name in self._archive.below(folder):
            digits = "".join(filter(str.isdecimal, name[len(folder) :]))
            number = int(digits) if 0 < len(digits) <= 12 else -1
            if number < 0 or name_of(number) != name:
                continue
            if number > expected:
                self._miss(name_of(expected))
            expected = number + 1
            names.append(name)
        return names

    def below(self, folder: str) -> list[str]:
        """The names of all files of a folder, ascending."""
        return self._archive.below(folder)

    def pass_over(self, folder: str) -> None:
        """Ask for every file of a folder: what they belong to is missing, so whether they do cannot be said."""
        self._asked.update(self._archive.below(folder))

    def stray(self, name: str) -> None:
        """Tell of a file that does not belong here."""
        self._findings.false("audit-file-stray", name=name)

    def finish(self) -> None:
        """Tell of what nobody asked for, and of what is not as its checksum says."""
        for name in self._archive.unread():
            for _ in self._archive.chunks(name):
                pass
        for name in self._archive.below(""):
            if name not in self._asked:
                self.stray(name)
        for name in self._archive.damaged():
            self._findings.false("audit-file-damaged", name=name)

    def _miss(self, name: str) -> None:
        if name not in self._missing:
            self._missing.add(name)
            self._findings.missing("audit-file-missing", name=name)
