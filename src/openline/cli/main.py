"""`openline`: the command line of a headquarters. Each command's module is imported when it is asked for."""

from __future__ import annotations

import click

from openline import __version__
from openline.cli.commands import Group
from openline.cli.settings import global_options

_HERE = "openline.cli."

PLACES = {
    "status": _HERE + "status:status",
    "lines": _HERE + "main:lines",
    "line": _HERE + "main:line",
    "send": _HERE + "letters:send",
    "inbox": _HERE + "entries:inbox",
    "read": _HERE + "entries:read",
    "ack": _HERE + "entries:ack",
    "respond": _HERE + "readbacks:respond",
    "pass": _HERE + "entries:pass_on",
    "reply": _HERE + "letters:reply",
    "read-back": _HERE + "readbacks:read_back",
    "confirm": _HERE + "readbacks:confirm",
    "reissue": _HERE + "readbacks:reissue",
    "stop": _HERE + "main:stop",
    "tap": _HERE + "stopping:tap",
    "withdraw": _HERE + "entries:withdraw",
    "correct": _HERE + "letters:correct",
    "translate": _HERE + "letters:translate",
    "charter": _HERE + "main:charter",
    "contacts": _HERE + "contacts:contacts",
    "contact": _HERE + "main:contact",
    "state": _HERE + "contacts:state",
    "request": _HERE + "main:request",
    "attempt": _HERE + "contacts:attempt",
    "demand": _HERE + "main:demand",
    "warning": _HERE + "main:warning",
    "allegation": _HERE + "main:allegation",
    "readout": _HERE + "main:readout",
    "search": _HERE + "searching:search",
    "names": _HERE + "main:names",
    "terms": _HERE + "main:terms",
    "watch": _HERE + "main:watch",
    "check": _HERE + "main:check",
    "drill": _HERE + "main:drill",
    "silences": _HERE + "reports:silences",
    "report": _HERE + "reports:report",
    "sop": _HERE + "procedures:sop",
    "declare": _HERE + "upkeep:declare",
    "service": _HERE + "upkeep:service",
    "say": _HERE + "verbs:say_any",
    "test": _HERE + "main:test",
    "call": _HERE + "main:call",
    "recording": _HERE + "main:recording",
    "phone": _HERE + "main:phone",
    "record": _HERE + "main:record",
    "audit": _HERE + "main:audit",
    "pack": _HERE + "main:pack",
    "hold": _HERE + "main:hold",
    "retention": _HERE + "main:retention",
    "init": _HERE + "party:init",
    "card": _HERE + "main:card",
    "pair": _HERE + "pairing:pair",
    "node": _HERE + "main:node",
    "console": _HERE + "main:console",
    "officer": _HERE + "main:officer",
    "completion": _HERE + "completion:completion",
    "demo": _HERE + "demo:demo",
}

lines = Group(
    "lines", "The lines of this node.", {"list": _HERE + "status:lines_list", "show": _HERE + "status:lines_show"}
)
line = Group(
    "line",
    "The members of a line: who they are, who joins, who leaves.",
    {
        "members": _HERE + "members:members",
        "join": _HERE + "members:join",
        "assent": _HERE + "members:assent",
        "refuse": _HERE + "members:refuse",
        "enter": _HERE + "members:enter",
        "remove": _HERE + "members:remove",
        "leave": _HERE + "members:leave",
    },
)
stop = Group(
    "stop",
    "STOP: it rings everyone and stands until the other side answers.",
    {"now": _HERE + "stopping:now", "answer": _HERE + "stopping:answer", "list": _HERE + "stopping:listed"},
    otherwise="now",
)
charter = Group(
    "charter",
    "The charter of a line: what its parties have agreed on for it.",
    {
        "template": _HERE + "chartering:template",
        "propose": _HERE + "chartering:propose",
        "show": _HERE + "chartering:show",
        "list": _HERE + "chartering:listed",
        "assent": _HERE + "chartering:assent",
        "refuse": _HERE + "chartering:refuse",
        "withdraw": _HERE + "chartering:withdraw",
        "denounce": _HERE + "chartering:denounce",
    },
)
contact = Group(
    "contact",
    "One contact, and what each side says of it.",
    {"show": _HERE + "contacts:show", "enter": _HERE + "contacts:enter"},
)
request = Group(
    "request",
    "Requests for calls.",
    {
        "new": _HERE + "requests:new",
        "answer": _HERE + "requests:answer",
        "list": _HERE + "requests:listed",
        "dates": _HERE + "requests:dates",
    },
)
demand = Group(
    "demand",
    "Demands, their repetitions and their answers.",
    {
        "make": _HERE + "demands:demand_make",
        "answer": _HERE + "demands:demand_answer",
        "list": _HERE + "demands:demand_list",
    },
)
warning = Group(
    "warning",
    "Warnings, counted, and through whom they went.",
    {"give": _HERE + "demands:warning_give", "list": _HERE + "demands:warning_list"},
)
allegation = Group(
    "allegation",
    "Allegations, with evidence or without, and the replies.",
    {
        "make": _HERE + "demands:allegation_make",
        "reply": _HERE + "demands:allegation_reply",
        "list": _HERE + "demands:allegation_list",
    },
)
readout = Group(
    "readout",
    "What each side publishes of a contact.",
    {
        "publish": _HERE + "readouts:publish",
        "show": _HERE + "readouts:show",
        "compare": _HERE + "readouts:compare",
    },
)
names = Group(
    "names",
    "The register of names: one id, all spellings.",
    {"list": _HERE + "naming:names_list", "show": _HERE + "naming:names_show", "add": _HERE + "naming:names_add"},
)
terms = Group(
    "terms",
    "Contested terms: each party's own word, and what is agreed.",
    {
        "list": _HERE + "naming:terms_list",
        "word": _HERE + "naming:terms_word",
        "formula": _HERE + "naming:terms_formula",
    },
)
watch = Group(
    "watch",
    "Who is on watch, and how it is handed over.",
    {
        "on": _HERE + "upkeep:watch_on",
        "off": _HERE + "upkeep:watch_off",
        "handover": _HERE + "guarding:handover",
        "take": _HERE + "guarding:take",
        "log": _HERE + "guarding:log",
    },
)
check = Group(
    "check",
    "Line checks by officers: make one, answer one, skip one by agreement.",
    {
        "now": _HERE + "guarding:now",
        "answer": _HERE + "guarding:answer",
        "skip": _HERE + "guarding:skip",
        "keep": _HERE + "guarding:keep",
    },
)
drill = Group(
    "drill",
    "Unannounced pings, scored, never counted as operation.",
    {"run": _HERE + "guarding:drill_run", "list": _HERE + "guarding:drill_list"},
)
test = Group("test", "Prove a line by a signed test.", {"now": _HERE + "upkeep:test_now"})
call = Group(
    "call",
    "The open telephone line: ring, take part, look.",
    {
        "ring": _HERE + "telephone:ring",
        "answer": _HERE + "telephone:answer",
        "decline": _HERE + "telephone:decline",
        "hold": _HERE + "telephone:hold",
        "resume": _HERE + "telephone:resume",
        "leave": _HERE + "telephone:leave",
        "interpreter": _HERE + "telephone:interpreter",
        "list": _HERE + "telephone:calls",
        "show": _HERE + "telephone:show",
        "check": _HERE + "telephone:check",
    },
)
recording = Group(
    "recording",
    "Recordings of calls: consent, look, check, export.",
    {
        "agree": _HERE + "recording:agree",
        "withdraw": _HERE + "recording:withdraw",
        "list": _HERE + "recording:recordings",
        "show": _HERE + "recording:show",
        "verify": _HERE + "recording:verify",
        "export": _HERE + "recording:export",
    },
)
phone = Group(
    "phone",
    "The desk phones of this node.",
    {"add": _HERE + "phone:add", "list": _HERE + "phone:phones", "remove": _HERE + "phone:remove"},
)
record = Group(
    "record",
    "The record of a line: look, check, export, follow.",
    {
        "show": _HERE + "records:show",
        "verify": _HERE + "records:verify",
        "export": _HERE + "records:export",
        "follow": _HERE + "records:follow",
    },
)
audit = Group("audit", "Check an exported record without any node.", {"verify": _HERE + "auditing:verify"})
pack = Group(
    "pack",
    "Dispute packs: one incident or period of both sides in one file, and two of them compared.",
    {"make": _HERE + "packs:make", "compare": _HERE + "packs:compare"},
)
hold = Group(
    "hold",
    "Legal holds: while one stands, nobody erases what it covers.",
    {"place": _HERE + "retaining:place", "lift": _HERE + "retaining:lift", "list": _HERE + "retaining:listed"},
)
retention = Group(
    "retention",
    "What this node erases when its time is over.",
    {"show": _HERE + "retaining:show", "run": _HERE + "retaining:run"},
)
card = Group("card", "Our own invitation.", {"export": _HERE + "party:card_export"})
node = Group(
    "node",
    "Run and keep the node of this headquarters.",
    {
        "run": _HERE + "nodes:run",
        "doctor": _HERE + "nodes:doctor",
        "backup": _HERE + "nodes:backup",
        "restore": _HERE + "nodes:restore",
    },
)
console = Group("console", "The console in a browser.", {"cert": _HERE + "desks:cert"})
officer = Group(
    "officer",
    "Who may come in and sign, and who has signed what.",
    {
        "invite": _HERE + "officers:invite",
        "list": _HERE + "officers:listed",
        "withdraw": _HERE + "officers:withdraw",
        "recover": _HERE + "officers:recover",
        "open-name": _HERE + "officers:open_name",
        "roles": _HERE + "officers:roles",
        "signatures": _HERE + "officers:signatures",
    },
)


class _Root(Group):
    """The command line itself; here the global options stand in the help."""

    def __init__(self) -> None:
        super().__init__("openline", "A line between two headquarters, and one record both can prove.", PLACES)
        self.params = [
            *global_options(),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                help="Print the version.",
                callback=_print_version,
            ),
        ]


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"openline {__version__}")
        context.exit()


openline = _Root()


def main() -> None:
    """Run the command line. Ends the process."""
    openline(prog_name="openline")


if __name__ == "__main__":
    main()
