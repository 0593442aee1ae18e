"""The console as a browser gets it: the files that were built into the package, under a policy without exceptions.

Nothing inline, nothing from elsewhere, no script made of text. Names of files under `/assets/` hold the hash of what is
in them, so they never change; the page that names them is asked for anew each time. Knows nothing of the desk.
"""

from __future__ import annotations

from pathlib import Path

from openline.base.catalogue import sentence
from openline.console.answers import Answer

BUILT = Path(__file__).parent / "built"
PAGE = "/"
"""The address of the one page. What it shows, it decides itself; an invitation stands behind its `#`."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types default"
)
"""Content-Security-Policy with Trusted Types (W3C, CSP Level 3 and Trusted Types)."""

GUARDS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")
ASK_AGAIN = (b"cache-control", b"no-cache")

MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


class Assets:
    """Every file of the built console, read once. A file whose ending is not in `MEDIA` is not served."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._answers = {f"/{name}": _answer(name, data) for name, data in _files(folder)}
        page = self._answers.pop("/index.html", None)
        if page is not None:
            self._answers[PAGE] = page
        self._built = page is not None

    def find(self, method: str, path: str, language: str) -> Answer | None:
        """What stands at this address; None where nothing of the console does.

        Where the console was not built, its page is one sentence that says so and what to do.
        """
        if method != "GET":
            return None
        if not self._built and path == PAGE:
            return _not_built(language)
        return self._answers.get(path)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    found = sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix in MEDIA)
    return [(file.relative_to(folder).as_posix(), file.read_bytes()) for file in found]


def _answer(name: str, data: bytes) -> Answer:
    caching = FOR_EVER if name.startswith("assets/") else ASK_AGAIN
    return Answer(data, MEDIA[Path(name).suffix], headers=(*GUARDS, caching))


def _not_built(language: str) -> Answer:
    told = sentence("console-not-built", {}, language)
    return Answer(told.encode() + b"\n", MEDIA[".txt"], 503, (*GUARDS, ASK_AGAIN))
