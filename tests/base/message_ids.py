"""Finds every message id the source can show, and the facts each place passes, by reading the source with `ast`.

A place that names its id in the call is read as it stands. Ids that reach an error through a table or a variable are
written down in `INDIRECT`, and those built from the words of an enumeration are computed by `built`. Every literal
that looks like an id must be one, or be explained in `NOT_IDS`; so nothing is shown without a sentence.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from openline.base import errors
from openline.cli.upkeep import ASKED_FOR
from openline.line.allegation import DefenceName
from openline.line.attempt import ResultName
from openline.line.comparing import Outcome
from openline.line.contact import MediumName
from openline.line.demand import DemandState, ReplyName
from openline.line.force import CharterState
from openline.line.level import LABELS
from openline.line.phrase import PHRASES
from openline.line.precise import PrecisionName
from openline.line.proword import Meaning, ProwordName
from openline.line.readback import ReadBackState
from openline.line.readback import WordName as ReadBackName
from openline.line.reportpage import COLUMNS, PARTS, PLOTS, TITLES
from openline.line.silence import Cause
from openline.line.standard import KINDS
from openline.line.statement import AboutName
from openline.line.stop import AnswerName as StopName
from openline.line.stop import StopState
from openline.line.watch import SILENCE_PRECEDENCE, Awaited, Step
from openline.media.wire_carriage import Carriage
from openline.node.callviews import CAUSES
from openline.node.status import STATES
from openline.voice.call import CALL_KIND, STEP_KIND, StepName
from openline.voice.recording import RECORDING_KIND

SOURCE = Path(__file__).resolve().parents[2] / "src/openline"
WEB = SOURCE.parents[1] / "web/src"

ERRORS = frozenset(name for name, value in vars(errors).items() if isinstance(value, type))

# In the console's own source an id says by its first word what it is: `label-` or `screen-`.
_WEB_ID = re.compile(r'"((?:label|screen)-[a-z0-9-]+)"')
_WEB_CALL = re.compile(r'\bt\(\s*"((?:label|screen)-[a-z0-9-]+)"\s*(?:\)|,\s*\{([^{}]*)\}\s*,?\s*\))')
_WEB_FACT = re.compile(r"(?:^|,)\s*(\w+)(?=\s*[:,]|\s*$)")

LOOKS_LIKE_AN_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+\Z")

# Modules that sort known ids by status or exit code: naming an id there does not make it shown.
SORTING = frozenset({"console/answers.py", "cli/exits.py"})

# Modules of data, whose words are values of entries and no ids.
DATA = frozenset({"cli/scenario_2022.py", "cli/scenario_names.py"})

NOT_IDS: Mapping[str, str] = {
    "accept-language": "a header",
    "cache-control": "a header",
    "call-id": "a header",
    "content-disposition": "a header",
    "content-length": "a header",
    "content-type": "a header",
    "idempotency-key": "a header",
    "latin-1": "an encoding",
    "line-check": "a role, and the desk of the node that answers it",
    "max-forwards": "a header",
    "no-store": "a header's value",
    "open-name": "a command",
    "public-key": "a word of WebAuthn",
    "recording-stopped": "a fact of the node's log, which the voice process tells",
    "retry-after": "a header",
    "ringing-in": "how a call stands",
    "ringing-out": "how a call stands",
    "rtcp-mux": "a word of SDP",
    "sha-256": "a digest",
    "sha-384": "a digest",
    "sha-512": "a digest",
    "store-writer": "a thread",
    "utf-8": "an encoding",
    "www-authenticate": "a header",
    "x-each": "a word of the API document",
}

_ENTRY_AND_KIND = frozenset({"entry", "kind"})
_PATH_AND_ADDRESS = frozenset({"path", "address"})

# Ids that reach an error through a table or a variable, with the facts every such place passes.
INDIRECT: Mapping[str, frozenset[str]] = {
    "receipt-not-possible": _ENTRY_AND_KIND,
    "translation-not-possible": _ENTRY_AND_KIND,
    "correction-not-possible": _ENTRY_AND_KIND,
    "withdrawal-not-possible": _ENTRY_AND_KIND,
    "statement-not-possible": _ENTRY_AND_KIND,
    "read-back-target-wrong": _ENTRY_AND_KIND,
    "receipt-of-own-entry": frozenset({"entry"}),
    "label-report-title": frozenset({"line", "month"}),
    "correction-of-others-entry": frozenset({"entry"}),
    "withdrawal-of-others-entry": frozenset({"entry"}),
    "line-ended": frozenset({"line"}),
    "line-left": frozenset({"line"}),
    "line-opening": frozenset({"line"}),
    "line-taken": frozenset({"line", "party"}),
    "member-root-differs": frozenset({"line", "party"}),
    "store-disk-full": frozenset({"path"}),
    "store-read-only": frozenset({"path"}),
    "store-wrong-file": frozenset({"path"}),
    "store-in-use": frozenset({"path"}),
    "store-broken": frozenset({"path", "detail"}),
    "node-unreachable": frozenset({"place", "detail"}),
    "node-broke-off": frozenset({"place", "detail"}),
    "node-failed": frozenset({"status"}),
    "port-free": frozenset({"address"}),
    "path-port-taken": frozenset({"address"}),
    "path-tls-too-old": _PATH_AND_ADDRESS,
    "path-group-not-allowed": _PATH_AND_ADDRESS,
    "path-key-missing": _PATH_AND_ADDRESS,
    "path-refused-us": _PATH_AND_ADDRESS,
    "path-key-unknown": _PATH_AND_ADDRESS | {"pin"},
    "path-other-party": _PATH_AND_ADDRESS | {"wanted", "party"},
    "path-not-tls": _PATH_AND_ADDRESS,
    "path-handshake-failed": _PATH_AND_ADDRESS | {"detail"},
    "path-handshake-timed-out": _PATH_AND_ADDRESS,
    "path-broken-off": _PATH_AND_ADDRESS,
    "path-refused": _PATH_AND_ADDRESS,
    "path-timed-out": _PATH_AND_ADDRESS,
    "path-unreachable": _PATH_AND_ADDRESS | {"detail"},
    "fault-officer-incomplete": frozenset({"pseudonym", "step"}),
    "fault-officer-key": frozenset({"pseudonym", "step"}),
    "fault-officer-name": frozenset({"pseudonym", "step"}),
    "fault-officer-not-possible": frozenset({"pseudonym", "step"}),
    "audit-time-backwards": frozenset({"entry", "log", "time", "bound"}),
    "audit-time-too-early": frozenset({"entry", "log", "time", "bound"}),
    "audit-time-too-late": frozenset({"entry", "log", "time", "bound"}),
}

_ALARM = frozenset({"entry", "party", "due"})

# What `Findings.entry` and `Findings.entries` add by themselves.
_OF_ENTRIES: Mapping[str, frozenset[str]] = {
    "entry": frozenset({"entry", "log"}),
    "entries": frozenset({"entry", "last", "count", "log"}),
}

# Conditions and remedies of alarms are literals of the line; the node fills them in.
ALARMS = frozenset({"test-unanswered", "test-garbled", "stop-standing", "stop-unanswered", "stop-not-received"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an id stands. `facts` are those passed with it there; None where it is only named."""

    at: str
    facts: frozenset[str] | None


def found() -> dict[str, list[Place]]:
    """Every id of the source with its places, those built from enumerations and those of `INDIRECT` included."""
    ids: dict[str, list[Place]] = defaultdict(list)
    for file in sorted(SOURCE.rglob("*.py")):
        module = file.relative_to(SOURCE).as_posix()
        if module not in SORTING | DATA:
            for message_id, place in _of_module(module, ast.parse(file.read_text(encoding="utf-8"))):
                ids[message_id].append(place)
    for file in sorted(WEB.rglob("*.ts*")):
        for message_id, place in of_console(file.relative_to(WEB).as_posix(), file.read_text(encoding="utf-8")):
            ids[message_id].append(place)
    for message_id, facts in INDIRECT.items():
        if message_id in ids:
            ids[message_id].append(Place("through a table or variable", facts))
    for message_id in CAUSES:
        ids[message_id].append(Place("a cause, as it is shown", frozenset({"party"})))
    for message_id, facts in built().items():
        ids[message_id].append(Place("built from an enumeration", facts))
    return dict(ids)


def of_console(module: str, source: str) -> Iterator[tuple[str, Place]]:
    """The ids in a file of the console's source, with the facts of those calls of `t` that write them out.

    A call that passes facts by a name, and an id in a table, say nothing of the facts.
    """
    written = {call.start(1): frozenset(_WEB_FACT.findall(call[2] or "")) for call in _WEB_CALL.finditer(source)}
    for found_here in _WEB_ID.finditer(source):
        at = f"web/src/{module}:{source.count(chr(10), 0, found_here.start()) + 1}"
        yield found_here[1], Place(at, written.get(found_here.start(1)))


_REPORT = (
    *("digest", "nothing"),
    *PARTS,
    *(f"section-{name}" for name in TITLES),
    *(f"plot-{name}" for name in PLOTS),
    *(f"column-{name}" for name in COLUMNS),
)


def built() -> dict[str, frozenset[str]]:
    """Ids made from the words of an enumeration, with their facts."""
    own = [stage for stage in Awaited if stage not in (Awaited.RECEIVED, Awaited.STOP)]
    return {
        **{f"state-{_kebab(word)}": frozenset({"line", "party", "since"}) for word in (*STATES, "DOWN_UNHEARD")},
        **{f"cause-{_kebab(cause.name)}": frozenset[str]() for cause in Cause},
        **{f"silence-{_kebab(cause.name)}": _ALARM for cause in SILENCE_PRECEDENCE},
        **{f"own-late-{_kebab(stage.name)}": _ALARM for stage in own},
        **{f"peer-late-{_kebab(stage.name)}": _ALARM for stage in Awaited if stage is not Awaited.STOP},
        **{f"effect-{state}": frozenset({"line"}) for state in ASKED_FOR},
        **{f"carriage-{carriage.value}": frozenset({"path"}) for carriage in Carriage},
        **{f"voice-is-{state}": frozenset[str]() for state in ("off", "running", "starting")},
        **{f"phrase-{code}": frozenset(slot.name for slot in slots) for code, slots in PHRASES.items()},
        **{f"label-level-{label}": frozenset[str]() for label in LABELS},
        **{f"label-report-{name}": frozenset[str]() for name in _REPORT},
    }


def is_an_id(text: str) -> bool:
    """Whether a literal of the source is meant to be a message id."""
    return LOOKS_LIKE_AN_ID.match(text) is not None and text not in NOT_IDS and text not in _WORDS


_NAMES = (StepName, MediumName, AboutName, ResultName, PrecisionName, ReplyName, DefenceName)
_NAMES_OF_THE_WATCH = (ProwordName, StopName, ReadBackName)
_WORDS = frozenset(
    {kind.name for kind in (*KINDS, CALL_KIND, STEP_KIND, RECORDING_KIND)}
    | {step.value for step in Step}
    | {state.value for states in (CharterState, DemandState, StopState, ReadBackState, Meaning) for state in states}
    | set(PHRASES)
    | {outcome.value for outcome in Outcome}
    | set(COLUMNS)
    | set(LABELS)
    | {verb.name for kind in KINDS for verb in kind.verbs}
    | {word for names in (*_NAMES, *_NAMES_OF_THE_WATCH) for word in get_args(names)}
)


def _of_module(module: str, tree: ast.Module) -> Iterator[tuple[str, Place]]:
    placed: set[ast.AST] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.Call):
            if _name(function) == "say":  # a fact of the node's log, which is no sentence
                placed.update(function.args)
                continue
            for literal, facts in _shown_by(function, tree):
                placed.add(literal)
                yield str(literal.value), Place(f"{module}:{literal.lineno}", facts)
    placed.update(_docstrings(tree))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and is_an_id(text) and node not in placed:
            alarm = _ALARM if text.startswith("do-") or text in ALARMS else None
            yield text, Place(f"{module}:{getattr(node, 'lineno', 0)}", alarm)


def _shown_by(call: ast.Call, tree: ast.Module) -> Iterator[tuple[ast.Constant, frozenset[str]]]:
    """The ids a call shows and the facts it gives them: errors, sentences, findings of an audit, faults of an entry."""
    name = _name(call)
    if name == "Note" and len(call.args) == 2:
        passed = _keys(call.args[1], tree)
        yield from ((literal, passed or frozenset()) for literal in _literals(call.args[0]))
    elif name in ERRORS and call.args and _all_named(call):
        facts = _keywords(call)
        yield from ((literal, facts) for literal in _literals(call.args[0]))
    elif name in {"sentence", "tell"} and len(call.args) == 1:
        yield from ((literal, _keywords(call)) for literal in _literals(call.args[0]))
    elif name == "sentence" and len(call.args) > 1:
        passed = _keys(call.args[1], tree)
        if passed is not None:
            yield from ((literal, passed) for literal in _literals(call.args[0]))
    elif name in {"false", "missing", "note"} and call.args:
        facts = _keywords(call) | ({"log"} if len(call.args) > 1 else set())
        yield from (
            (literal, facts) for literal in _literals(call.args[0]) if LOOKS_LIKE_AN_ID.match(str(literal.value))
        )
    elif name in _OF_ENTRIES and len(call.args) > 1 and ast.unparse(call.args[0]).startswith("Severity."):
        facts = _keywords(call) | _OF_ENTRIES[name]
        yield from ((literal, facts) for literal in _literals(call.args[1]))
    elif name == "fault" and len(call.args) > 1:
        yield from ((literal, _keywords(call)) for literal in _literals(call.args[1]))


def _name(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _literals(node: ast.expr) -> Iterator[ast.Constant]:
    """The text literals an argument may be: itself, or both arms of `a if ... else b`."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node


def _all_named(call: ast.Call) -> bool:
    """Whether the facts can be read off the call: `**facts` cannot, and belongs into INDIRECT."""
    return all(keyword.arg is not None for keyword in call.keywords)


def _keywords(call: ast.Call) -> frozenset[str]:
    return frozenset(keyword.arg for keyword in call.keywords if keyword.arg is not None)


def _keys(node: ast.expr, tree: ast.Module) -> frozenset[str] | None:
    """The keys of a dictionary given as such, or under a name that is given one in this module."""
    if isinstance(node, ast.Name):
        given = [
            one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign | ast.AnnAssign)
            and node.id in {target.id for target in _targets(one) if isinstance(target, ast.Name)}
            and one.value is not None
            and one.lineno < node.lineno
        ]
        return _keys(given[-1], tree) if given and isinstance(given[-1], ast.Dict) else None
    if isinstance(node, ast.Dict):
        return frozenset(key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
    return None


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _kebab(word: str) -> str:
    return word.lower().replace("_", "-")
