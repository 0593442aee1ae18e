"""Builds the console into the package when a wheel or a source archive is made from the repository.

A source archive carries what was built, so that whoever installs from it needs no Node. An editable install builds
nothing: `make` does that when the sources of the console have changed. OPENLINE_SKIP_CONSOLE=1 leaves it out.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = Path("src/openline/console/built/index.html")


class ConsoleBuild(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own hooks leave its config open as well
    """Runs scripts/build-console."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Build, unless nothing is to be built, or this is an archive that has it already."""
        del build_data
        root = Path(self.root)
        if version == "editable" or os.environ.get("OPENLINE_SKIP_CONSOLE") == "1":
            return
        if not (root / ".git").exists() and (root / BUILT).is_file():
            return
        subprocess.run([str(root / "scripts/build-console")], cwd=root, check=True)  # noqa: S603 - our own script
