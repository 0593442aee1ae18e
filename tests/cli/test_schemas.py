"""Every command prints with `--json` what the documents say, and only that goes to standard output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import pytest
from jsonschema import Draft202012Validator

from openline.cli.charterfile import template_text
from openline.cli.main import openline
from openline.cli.schemas import SCHEMAS, Shape, table
from openline.console.app import all_routes
from openline.console.openapi import document
from tests.cli.bundles import a_verdict
from tests.cli.conftest import Run
from tests.console.desk import DIGITS, LINE, VERBS

COMPONENTS = document(all_routes(VERBS), VERBS)["components"]
WITHOUT_A_RESULT = {"node run", "demo"}

AT_A_NODE = [
    ["status"],
    ["status", LINE],
    ["lines", "list"],
    ["lines", "show", LINE],
    ["send", LINE, "Good evening", "--answer-by", "+30m"],
    ["inbox"],
    ["read", "bravo:14"],
    ["ack", "bravo:14"],
    ["pass", "bravo:14", "--to", "ops"],
    ["reply", "bravo:14", "Understood"],
    ["withdraw", "alpha:7", "--yes", "--reason", "wrong line"],
    ["correct", "alpha:7", "0700Z", "--change", "time"],
    ["translate", "bravo:14", "Bonsoir", "--lang", "fr"],
    ["charter", "template", LINE],
    ["charter", "propose", LINE, "{tmp}/charter.toml"],
    ["charter", "list", LINE],
    ["charter", "show", "bravo:1"],
    ["charter", "assent", "bravo:14"],
    ["charter", "refuse", "bravo:14", "--reason", "0930Z"],
    ["charter", "withdraw", "alpha:7"],
    ["charter", "denounce", "alpha:7", "--reason", "a new commander"],
    ["contacts", "--since", "2022-02-24", "--level", "minister"],
    ["contact", "show", "2022-05-13"],
    ["contact", "show", "alpha:0"],
    [
        "contact",
        "enter",
        LINE,
        "2022-05-13",
        "--level",
        "minister",
        "--elsewhere",
        "--with",
        "alpha",
        "--with",
        "bravo",
    ],
    ["state", "alpha:0", "tone", "professional", "--source", "anonymous:an official"],
    ["request", "new", LINE, "Movements", "--level", "minister", "--answer-by", "+48h"],
    ["request", "answer", "bravo:14", "accept"],
    ["pack", "make", LINE, "--about", "bravo:14", "-o", "{tmp}/pack.zip"],
    ["hold", "place", LINE, "--whole", "--reason", "inquiry 12", "--authority", "the judge advocate"],
    ["hold", "lift", "alpha:7", "--reason", "closed", "--authority", "the judge advocate"],
    ["hold", "list"],
    ["retention", "show"],
    ["retention", "run", "--dry-run"],
    ["request", "list"],
    ["request", "dates"],
    ["demand", "make", LINE, "cease-fire"],
    ["demand", "answer", "bravo:14", "note"],
    ["demand", "list"],
    ["warning", "give", LINE, "arms"],
    ["warning", "list"],
    ["allegation", "make", LINE, "dam", "--against", "bravo"],
    ["allegation", "reply", "bravo:14", "deny"],
    ["allegation", "list"],
    ["names", "show", "Shoigu"],
    ["attempt", LINE, "--level", "minister", "--result", "no-answer"],
    ["readout", "publish", "alpha:0", "We spoke."],
    ["readout", "show", "alpha:0"],
    ["readout", "compare", "alpha:0", "alpha:0"],
    ["search", "Choïgou"],
    ["names", "list"],
    ["names", "add", LINE, "person:shoigu", "Choïgou", "--lang", "fr", "--source", "S2"],
    ["terms", "list"],
    ["terms", "word", LINE, "events", "guerre", "--lang", "fr"],
    ["terms", "formula", LINE, "events", "--lang", "fr"],
    ["respond", "bravo:14", "roger"],
    ["read-back", "bravo:14", "Six trucks"],
    ["confirm", "alpha:7"],
    ["reissue", "alpha:7", "Seven trucks"],
    ["stop", "now", LINE, "--about", "bravo:14"],
    ["stop", "answer", "bravo:14", "stopped"],
    ["stop", "list"],
    ["tap", "alpha:7", "--by", "watch-2"],
    ["line", "members"],
    ["line", "join", LINE, "charlie.example"],
    ["line", "assent", "bravo:20"],
    ["line", "refuse", "bravo:20", "--reason", "not now"],
    ["line", "enter", "north", "--with", "alpha.example", "--with", "bravo.example"],
    ["line", "remove", LINE, "bravo.example", "--yes", "--reason", "it lets others listen"],
    ["line", "leave", LINE, "--yes", "--reason", "we move"],
    ["watch", "on"],
    ["watch", "off"],
    ["watch", "handover", LINE, "--by", "Osprey", "--to", "Heron"],
    ["watch", "take", "alpha:2", "bravo:0", "--by", "Heron"],
    ["watch", "log"],
    ["check", "now", "--undated"],
    ["check", "answer", "bravo:14", "--by", "Heron"],
    ["check", "skip", LINE, "2026-11-22T06:00:00Z"],
    ["check", "keep", LINE, "2026-11-22T06:00:00Z", "--form", "voice"],
    ["drill", "run", LINE],
    ["drill", "list"],
    ["silences"],
    ["sop", LINE],
    ["report", "--month", "2026-11"],
    ["report", "--month", "2026-11", "--html", "{tmp}/november.html"],
    ["declare", LINE, "degraded", "--reason", "rain"],
    ["say", LINE, "service", "text=Rain."],
    ["service", LINE, "Do you see loss?"],
    ["test", "now"],
    ["call", "ring", LINE, "--role", "watch", "--subject", "The convoy"],
    ["call", "answer", "bravo:2"],
    ["call", "decline", "bravo:2", "--reason", "on another line"],
    ["call", "hold", "alpha:3"],
    ["call", "resume", "alpha:3"],
    ["call", "leave", f"{LINE}/alpha:3"],
    ["call", "interpreter", "alpha:3", "--desk", "booth", "--listens", "watch", "--speaks", "watch"],
    ["call", "list", "--open"],
    ["call", "show", "alpha:3"],
    ["call", "check"],
    ["recording", "agree", "alpha:3"],
    ["recording", "withdraw", "alpha:3", "--reason", "a guest has come in"],
    ["recording", "list"],
    ["recording", "show", "alpha:3"],
    ["recording", "verify", "alpha:3"],
    ["recording", "export", "alpha:3", "--out", "{tmp}/call.ogg"],
    ["record", "show", LINE],
    ["record", "show", "bravo:14"],
    ["record", "show", LINE, "--raw", "bravo.example"],
    ["record", "verify"],
    ["record", "export", "-o", "{tmp}/a.olx"],
    ["record", "follow", "--once", "--after", "3"],
    ["card", "export"],
    ["card", "export", "-o", "{tmp}/a.olinvite"],
    ["pair", "{tmp}/invitation", "--fingerprint", DIGITS],
    ["node", "doctor"],
    ["node", "backup", "{tmp}/backup"],
    ["officer", "invite", "watch", "--name", "A. Berg"],
    ["officer", "list"],
    ["officer", "signatures"],
    ["officer", "roles"],
    ["officer", "recover", "watch", "--reason", "lost", "--witness-role", "releaser", "--witness", "S-4"],
    ["officer", "open-name", "S-1", "--reason", "a board asks"],
    ["officer", "withdraw", "S-1", "--reason", "lost"],
]


def _lines(run: Run, words: list[str], folder: Path) -> Iterator[dict[str, object]]:
    (folder / "invitation").write_bytes(b"invitation of bravo\n")
    (folder / "charter.toml").write_text(template_text(["alpha.example", "bravo.example"], None))
    ran = run(*[word.replace("{tmp}", str(folder)) for word in words], "--json")
    assert ran.code == 0, ran.err
    yield from (json.loads(line) for line in ran.out.splitlines())


@pytest.mark.parametrize("words", AT_A_NODE, ids=" ".join)
def test_a_command_at_a_node_prints_what_is_documented(at_node: Run, tmp_path: Path, words: list[str]) -> None:
    values = list(_lines(at_node, words, tmp_path))
    assert values
    for value in values:
        check(value)


def test_a_command_without_a_node_prints_what_is_documented(run: Run, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    init = ["init", "alpha.example", "--dir", f"{tmp_path}/a", "--passphrase-file", f"{tmp_path}/phrase"]
    cert = ["console", "cert", "--dir", f"{tmp_path}/a"]
    phones = [
        ["phone", *words, "--dir", f"{tmp_path}/a"] for words in (["add", "night"], ["list"], ["remove", "night"])
    ]
    for words in (init, ["card", "export", "--dir", f"{tmp_path}/a"], ["completion", "bash"], cert, *phones):
        if words[:2] == ["phone", "add"]:
            with (tmp_path / "a/openline.toml").open("a") as file:
                file.write('[phones]\nhost = "10.0.8.2"\n')
        if words[0] == "console":
            with (tmp_path / "a/openline.toml").open("a") as file:
                file.write('[https]\nnames = ["alpha.watch.example"]\n')
        for value in _lines(run, words, tmp_path):
            check(value)


def test_an_audit_prints_what_is_documented(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.record.audit.audit", lambda *_: a_verdict("INCOMPLETE"))
    (tmp_path / "a.olx").write_bytes(b"")
    ran = run("audit", "verify", f"{tmp_path}/a.olx", "--json")
    assert ran.code == 7
    check(ran.json())


def test_a_refusal_is_one_json_object_on_standard_error(at_node: Run) -> None:
    ran = at_node("status", "nowhere", "--json")
    assert (ran.code, ran.out) == (2, "")
    error = json.loads(ran.err)
    check(error)
    assert (error["error"], error["exit"]) == ("line-unknown", 2)


def test_every_command_is_documented_and_tested() -> None:
    commands = set(_commands(openline, ""))
    assert {name.replace(".", " ") for name in SCHEMAS} >= commands - WITHOUT_A_RESULT
    tested = {_command_of(words) for words in AT_A_NODE} | {
        "init",
        "completion",
        "audit verify",
        "pack compare",
        "node restore",
        "console cert",
        "phone add",
        "phone list",
        "phone remove",
    }
    assert tested == commands - WITHOUT_A_RESULT


def test_the_table_for_the_reader_has_every_schema() -> None:
    assert all(f"`openline.{name}/1`" in table() for name in SCHEMAS)


def _commands(group: click.Group, above: str) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        if name == "demo":
            continue
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _commands(found, f"{above}{name} ")
        else:
            yield f"{above}{name}"


def _command_of(words: list[str]) -> str:
    groups = (
        "lines",
        "test",
        "call",
        "recording",
        "record",
        "card",
        "node",
        "audit",
        "console",
        "officer",
        "phone",
        "contact",
        "demand",
        "warning",
        "allegation",
        "watch",
        "check",
        "drill",
        "request",
        "stop",
        "charter",
        "line",
        "readout",
        "names",
        "terms",
        "pack",
        "hold",
        "retention",
    )
    return " ".join(words[:2] if words[0] in groups else words[:1])


def check(value: dict[str, object]) -> None:
    """Hold one printed object to what is documented."""
    name = str(value["schema"]).removeprefix("openline.").removesuffix("/1")
    schema = {**_schema(SCHEMAS[name]), "components": COMPONENTS}
    Draft202012Validator(schema).validate({key: item for key, item in value.items() if key != "schema"})


def _schema(shape: Shape) -> dict[str, object]:
    parts: list[dict[str, object]] = [{"$ref": f"#/components/schemas/{shape.like}"}] if shape.like else []
    own = {name: _type(kind) for name, kind in shape.fields.items()}
    parts.append({"type": "object", "properties": own, "required": list(own)})
    if not shape.like:
        parts[-1]["additionalProperties"] = False
    return {"allOf": parts}


def _type(kind: str) -> dict[str, object]:
    if kind.endswith("[]"):
        return {"type": "array", "items": _type(kind.removesuffix("[]"))}
    if kind.endswith("?"):
        return {"anyOf": [_type(kind.removesuffix("?")), {"type": "null"}]}
    views = cast("dict[str, dict[str, object]]", COMPONENTS)["schemas"]
    return {"$ref": f"#/components/schemas/{kind}"} if kind in views else {"type": kind}
