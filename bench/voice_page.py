"""A page in a real Chromium with a leg at each of two nodes, and a connection from browser to browser as control.

One page holds it all, so that one clock measures everything. What it asks of the nodes goes through a small server,
which has a session at each. Times are milliseconds.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from playwright.sync_api import BrowserContext, Page

from openline.cli.client import JsonObject
from openline.cli.stage import PATHS, POSITIONS, Party, Stage
from tests.process.houses import until

PAGE = Path(__file__).with_name("voice_page.html")
CUT_S = 5.0

PATIENCE_S = 60
_SETTLES_MS = 1_500


@dataclass(frozen=True, slots=True)
class Counted:
    """What passed at both ends of one connection in a while. `concealed` and `samples` are samples played."""

    lost: int
    received: int
    sent: int
    concealed: int
    samples: int

    @property
    def share(self) -> float:
        """The share of what was played that was made up."""
        return self.concealed / max(self.samples, 1)


@dataclass(frozen=True, slots=True)
class Beside:
    """The same measured over both nodes and from browser to browser, in the same run; ms."""

    legs: list[float]
    control: list[float]

    @property
    def added(self) -> float:
        """The difference of the medians."""
        return statistics.median(self.legs) - statistics.median(self.control)


@dataclass(frozen=True, slots=True)
class PathKilled:
    """One of two paths was cut while both ends spoke."""

    legs: Counted
    control: Counted


@dataclass(frozen=True, slots=True)
class AllCut:
    """All paths were cut for CUT_S. `cause` is what was said of it meanwhile, `back_s` when sound was heard again."""

    before: str
    after: str
    state: str
    cause: str
    back_s: float


class Measuring:
    """The page, and the call in it. Mutable."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage = stage
        self.page = page
        self.call = ""

    def begin(self) -> None:
        """Sound, a call that is answered, a leg at each end, and the control."""
        self.page.mouse.click(5, 5)
        self._run("begin()")
        self.cold_call()
        self._run("cold_control()")

    def cold_control(self) -> float:
        """From nothing to sound at both ends, browser to browser; ms."""
        return cast("float", self._run("cold_control()"))

    def cold_legs(self) -> float:
        """The same in a call that stands, both legs made anew; ms."""
        return cast("float", self._run("cold_legs(call)"))

    def cold_call(self) -> float:
        """The same from the ring on, which is answered at once; ms."""
        self.hang_up()
        made = cast("JsonObject", self._run("cold_call()"))
        self.call = str(made["call"])
        return cast("float", made["took"])

    def hang_up(self) -> None:
        """The call is over at both ends."""
        if self.call:
            self.stage.alpha.node.post(f"/calls/{self.call}/steps", {"step": "left"}, {"wait": "received"})
            for party in self.stage.parties:
                until(lambda party=party: self.view(party)["state"] == "ended", PATIENCE_S, "the call is over")  # type: ignore[misc] # a default binds it
            self.call = ""

    def warm(self) -> tuple[float, float]:
        """From the key to sound at the far end, ms: over both nodes, and browser to browser."""
        return cast("float", self._run("warm(call, 'alpha', 'bravo')")), cast("float", self._run("warm_control()"))

    def talk(self) -> None:
        """Both speak, at both connections, and sound goes by UDP on both paths."""
        for party in ("alpha", "bravo"):
            self._run(f"gate('{party}', call, true)")
        self._run("[...Object.values(legs), ...control].forEach((end) => { end.track.enabled = true; })")
        self._until_carried()

    def delays(self, bursts: int) -> tuple[list[float], list[float]]:
        """One way, ms, burst for burst: over both nodes, and browser to browser."""
        control, legs = cast("list[list[float]]", self._run(f"delays({bursts})"))
        assert control, "no burst came from browser to browser"
        assert legs, "no burst came over the nodes"
        return legs, control

    def counted(self, work: Callable[[], object]) -> dict[str, Counted]:
        """What passed meanwhile: `control` and `legs` at both ends together, `alpha` and `bravo` each."""
        before = cast("dict[str, dict[str, int]]", self._run("counts()"))
        work()
        after = cast("dict[str, dict[str, int]]", self._run("counts()"))
        return {
            whose: Counted(**{name: after[whose][name] - value for name, value in row.items()})
            for whose, row in before.items()
        }

    def silence(self, seconds: float) -> float:
        """Packets a second while nobody says anything, at the busiest end and in the busiest direction."""
        self._run("silence(true)")
        self.page.wait_for_timeout(_SETTLES_MS)
        rows = self.counted(lambda: self.page.wait_for_timeout(seconds * 1e3))
        self._run("silence(false)")
        return max(max(rows[end].sent, rows[end].received) for end in ("alpha", "bravo")) / seconds

    def kill_path(self, seconds: float) -> PathKilled:
        """Cut one path while both speak."""

        def killed() -> None:
            self.page.wait_for_timeout(seconds * 250)
            self.stage.relay.cut(PATHS[0])
            self.page.wait_for_timeout(seconds * 750)

        rows = self.counted(killed)
        self.stage.relay.mend(PATHS[0])
        self._until_carried()
        return PathKilled(rows["legs"], rows["control"])

    def cut_all(self) -> AllCut:
        """Cut every path while both speak, and mend them CUT_S later, or when the cause is shown if that is later."""
        begun = time.monotonic()
        for path in PATHS:
            self.stage.relay.cut(path)
        until(lambda: bool(self._cause()), PATIENCE_S, "the cause is shown")
        cause = self._cause()
        self._run("Promise.all(Object.values(legs).map((end) => end.arm()))")
        self.page.wait_for_timeout(max(CUT_S - (time.monotonic() - begun), 0) * 1e3)
        mended = cast("float", self._run("performance.now()"))
        for path in PATHS:
            self.stage.relay.mend(path)
        heard = cast("float", self._run("said(Object.values(legs))"))
        view = self.view(self.stage.bravo)
        calls = cast("list[JsonObject]", self.stage.bravo.node.get("/calls", {"open": "1"}))
        return AllCut(self.call, str(calls[0]["id"]), str(view["state"]), cause, (heard - mended) / 1e3)

    def view(self, party: Party) -> JsonObject:
        """The call as a party shows it."""
        return party.node.get(f"/calls/{self.call}")

    def _cause(self) -> str:
        parts = cast("list[JsonObject]", self.view(self.stage.alpha)["parts"])
        return next((str(part["text"]) for part in parts if part["lost_at"] and part["text"]), "")

    def _until_carried(self) -> None:
        def carried() -> bool:
            sounds = cast("list[JsonObject]", self.view(self.stage.alpha)["sound"])
            paths = [path for sound in sounds for path in cast("list[JsonObject]", sound["paths"])]
            return [path["carriage"] for path in paths] == ["udp"] * len(PATHS)

        until(carried, PATIENCE_S, "both paths carry sound")

    def _run(self, script: str) -> object:
        return self.page.evaluate(f"(call) => limited({script}, {PATIENCE_S})", self.call)


# The page and the way from it to the nodes


@contextmanager
def page_of(stage: Stage, context: BrowserContext) -> Iterator[Measuring]:
    """The measuring page, at a server of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(stage)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = context.new_page()
        page.goto(f"http://localhost:{server.server_address[1]}/")
        measuring = Measuring(stage, page)
        measuring.begin()
        try:
            yield measuring
        finally:
            page.close()
            server.shutdown()


def _handler(stage: Stage) -> type[BaseHTTPRequestHandler]:
    doors = {party.name: _Door(party) for party in stage.parties}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65_536

        def do_GET(self) -> None:
            self._answered(200, "text/html", PAGE.read_bytes())

        def do_POST(self) -> None:
            _, party, path = self.path.split("/", 2)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = doors[party].ask(str(self.command), f"/{path}", body)
            self._answered(status, "application/json", answer)

        do_DELETE = do_POST  # noqa: N815 - its name in http.server

        def _answered(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in http.server
            pass

    return Handler


class _Door:
    """A session at the console of a party."""

    def __init__(self, party: Party) -> None:
        self._port = int(party.console.rpartition(":")[2].strip("/"))
        self._host = f"{party.name}.localhost:{self._port}"
        self._cookie = ""
        connection = self._asked("POST", "/api/v1/session", json.dumps({"seat": POSITIONS[1]}).encode())
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        self._cookie = str(answer.getheader("set-cookie")).partition(";")[0]
        connection.close()

    def ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the node's answer."""
        connection = self._asked(method, path, body)
        try:
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _asked(self, method: str, path: str, body: bytes) -> HTTPConnection:
        headers = {"Host": self._host, "X-Openline-Console": "1", "Cookie": self._cookie}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        connection.request(method, path, body or None, {**headers, "Sec-Fetch-Site": "same-origin"})
        return connection
