"""Makes tests/vectors/voice.json (`python -m tests.voice.vectors`) and holds what it is made of.

The file was made once. It is not made again for a released version: what follows is a new version of the format.
"""

from __future__ import annotations

import json
from pathlib import Path

from openline.voice.datagram import Datagram, Probe, Reception, Report, Sound, encode, path_number
from openline.voice.frame import Codec, Frame

FILE = Path(__file__).resolve().parent.parent / "vectors" / "voice.json"


def _frame(sequence: int, timestamp: int, payload: str, marker: bool = False, codec: Codec = Codec.OPUS) -> Frame:
    return Frame(0x0102, sequence, timestamp, marker, codec, payload.encode())


SAMPLES: dict[str, Datagram] = {
    "sound: one frame": Sound(_frame(500, 480_000, "newest", marker=True)),
    "sound: two copies": Sound(
        _frame(503, 482_880, "newest"), (_frame(502, 481_920, "before"), _frame(500, 480_000, "first", True)), 3
    ),
    "sound: over the wrap of sequence and timestamp": Sound(
        _frame(1, 960, "n"), (_frame(65_534, 2**32 - 1_920, "c"),), 255
    ),
    "sound: of a phone": Sound(
        _frame(7, 1_120, "pcm", codec=Codec.PCMA), (_frame(6, 960, "mcp", codec=Codec.PCMA),), 1
    ),
    "report: two paths": Report(
        513,
        4_000,
        2,
        (
            Reception(path_number("fibre"), True, 65_700, 196, 4, 3, 12_500),
            Reception(path_number("radio"), False, 2**32 - 1, 2**32 - 1, 9, 1, 3_000_000),
        ),
    ),
    "probe": Probe(),
}

REFUSED: dict[str, tuple[str, str]] = {
    "nothing": ("", "voice-datagram-wrong"),
    "version 0": ("01000001020003000003c06e", "voice-datagram-wrong"),
    "version 2": ("21000001020003000003c06e", "voice-datagram-wrong"),
    "kind 0": ("10", "voice-datagram-wrong"),
    "kind 4": ("14", "voice-datagram-wrong"),
    "probe with more": ("1300", "voice-datagram-wrong"),
    "sound without payload": ("11000001020003000003c0", "voice-datagram-wrong"),
    "sound cut in its head": ("1100000102", "voice-datagram-wrong"),
    "codec 4": ("11400001020003000003c06e", "voice-datagram-wrong"),
    "copy without payload": ("11010001020003000003c00103c000006e", "voice-datagram-wrong"),
    "copy of itself": ("11010001020003000003c00003c00001636e", "voice-datagram-wrong"),
    "copy as old as the newest": ("11010001020003000003c00100000001636e", "voice-datagram-wrong"),
    "copies not in order": ("11020001020003000003c00203c0000163010780000163" + "6e", "voice-datagram-wrong"),
    "copy longer than the datagram": ("11010001020003000003c00103c000ff636e", "voice-datagram-wrong"),
    "copy longer than any frame": ("11010001020003000003c00103c00500" + "63" * 1_180, "voice-datagram-wrong"),
    "only copies": ("11010001020003000003c00103c0000163", "voice-datagram-wrong"),
    "report without paths": ("12000100" + "00" * 8, "voice-datagram-wrong"),
    "report of nine paths": ("12000109" + "00" * (8 + 9 * 25), "voice-datagram-wrong"),
    "report cut": ("12000101" + "00" * 32, "voice-datagram-wrong"),
    "report with more": ("12000101" + "00" * 34, "voice-datagram-wrong"),
    "report of one path twice": ("12000102" + "00" * (8 + 2 * 25), "voice-datagram-wrong"),
    "report of a path neither heard nor not": (
        "12000101" + "00" * 8 + "0000000002" + "00" * 20,
        "voice-datagram-wrong",
    ),
    "1,201 bytes": ("11" + "00" * 1_200, "voice-datagram-too-large"),
}


def main() -> None:
    """Writes the file."""
    made = {
        "source": "openline, made once; frozen. The fields are those of docs/spec/voice.md",
        "datagrams": [{"what": what, "hex": encode(sample).hex()} for what, sample in SAMPLES.items()],
        "refused": [{"what": what, "hex": data, "refused": why} for what, (data, why) in REFUSED.items()],
    }
    FILE.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
