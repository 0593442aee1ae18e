"""The files of a bundle as an auditor takes them: what is not there, not wanted or damaged becomes a finding.

Nothing here knows what the files mean.
"""

from __future__ import annotations

from collections.abc import Callable

from openline.record.archive import Archive
from openline.record.verdict import Findings


class Shelf:
    """The files of one archive. Mutable: remembers what was asked for. Every size is looked at before reading."""

    def __init__(self, archive: Archive, findings: Findings) -> None:
        self._archive = archive
        self._findings = findings
        self._told: set[str] = set()

    def take(self, name: str, size_bytes_max: int) -> bytes | None:
        """A file that belongs here; None, and a finding, when it is not there or too large."""
        if name not in self._archive:
            self._tell_once(name)
            return None
        return self.find(name, size_bytes_max)

    def find(self, name: str, size_bytes_max: int) -> bytes | None:
        """A file that may be here; None when it is not, or, with a finding, when it is too large."""
        size = self._archive.size(name)
        if size is None:
            return None
        if size > size_bytes_max:
            self._archive.leave(name)
            self._findings.false("audit-file-wrong", name=name, detail="too large")
            return None
        return self._archive.read(name)

    def series(self, folder: str, name_of: Callable[[int], str]) -> list[str]:
        """The numbered files of a folder, in order; a gap is a finding. A file that is not so named stays a stray."""
        names = []
        expected = 0
        for name in self._archive.below(folder):
            digits = "".join(filter(str.isdecimal, name[len(folder) :]))
            number = int(digits) if 0 < len(digits) <= 12 else -1
            if number < 0 or name_of(number) != name:
                continue
            if number > expected:
                self._tell_once(name_of(expected))
            expected = number + 1
            names.append(name)
        return names

    def finish(self) -> None:
        """Tell of what nobody asked for, and of what is not as its checksum says."""
        for name in self._archive.unread():
            for _ in self._archive.chunks(name):
                pass  # A stray may be damaged as well.
            self._findings.false("audit-file-stray", name=name)
        for name in self._archive.damaged:
            self._findings.false("audit-file-damaged", name=name)

    def _tell_once(self, name: str) -> None:
        if name not in self._told:
            self._told.add(name)
            self._findings.missing("audit-file-missing", name=name)
