"""The monthly line report on one page of HTML, with plots as inline SVG: no script, no style, nothing from elsewhere.

So a browser may show it under the strictest Content-Security-Policy, and a printer prints what a screen shows. Every
text is escaped; the words of the page come from the catalogue. Reads a report, decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from openline.base.time import SECOND_US
from openline.line.report import DayRow, LineReport, Section, Speed, report_digest

Words = Callable[[str, Mapping[str, str | int]], str]
"""The sentence of a message id with its facts, in the reader's language."""

TITLES = ("operation", "exercise", "test")
PARTS = ("charters", "tests", "checks", "dates", "absences", "silences", "messages", "calls", "kinds")
PLOTS = ("tests", "worst", "messages", "silent")
COLUMNS = (
    *("about", "answered", "answered-by", "asked-by", "begin", "cause", "count", "end", "entry", "form", "garbled"),
    *(
        "kept",
        "kind",
        "lasting",
        "leaf",
        "longest",
        "made",
        "median",
        "missed",
        "party",
        "precedence",
        "rung-by",
        "sent",
    ),
    *("sent-by", "skipped", "stage", "stated-by", "told-by", "total", "worst"),
)

_BAR, _GAP, _HEIGHT, _ROOM = 14, 4, 60, 14
_SECOND_MS = SECOND_US // 1000
_MINUTE_MS = 60 * _SECOND_MS

Cell = str | int | None


def page(report: LineReport, sentence: Words, language: str) -> str:
    """The page, whole, in `language`."""
    sizes = ", ".join(f"{party}:{size}" for party, size in sorted(report.at.items()))
    title = sentence("label-report-title", {"line": report.line, "month": report.month})
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(language)}"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        f"<title>{escape(title)}</title></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(sentence('report-computed', {'sizes': sizes}))}</p>",
        f"<p>{_word(sentence, 'digest')}: <code>{report_digest(report)}</code></p>",
        *(
            line
            for name, section in zip(TITLES, report.sections, strict=True)
            for line in _section(name, section, sentence)
        ),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def seconds(time_ms: int | None) -> str:
    """A time in seconds to the tenth, `-` where there is none."""
    return "-" if time_ms is None else f"{time_ms // _SECOND_MS}.{time_ms % _SECOND_MS // 100} s"


def _word(words: Words, name: str) -> str:
    return escape(words(f"label-report-{name}", {}))


def _section(name: str, section: Section, words: Words) -> Iterator[str]:
    yield f"<h2>{_word(words, f'section-{name}')}</h2>"
    if not section.kinds and not section.silences:
        yield f"<p>{_word(words, 'nothing')}</p>"
        return
    yield from _plots(section.days, words)
    for part, columns, rows in _tables(section):
        if rows:
            yield f"<h3>{_word(words, part)}</h3>"
            yield from _table(columns, rows, words)


def _tables(section: Section) -> Iterator[tuple[str, Sequence[str], list[list[Cell]]]]:
    """Each table of a section: its part, its columns, its rows."""
    charters: list[list[Cell]] = [[row.id, row.begin_at, row.end_at or "-", row.leaf] for row in section.charters]
    yield "charters", ("entry", "begin", "end", "leaf"), charters
    speeds = ("answered", "median", "worst")
    tests = [[row.asked_by, row.answered_by, row.made, row.garbled, *_speed(row.answers)] for row in section.tests]
    yield "tests", ("asked-by", "answered-by", "made", "garbled", *speeds), tests
    checks = [[row.form, row.asked_by, row.answered_by, row.made, *_speed(row.answers)] for row in section.checks]
    yield "checks", ("form", "asked-by", "answered-by", "made", *speeds), checks
    dates: list[list[Cell]] = [[row.form, row.kept, row.skipped, row.missed] for row in section.dates]
    yield "dates", ("form", "kept", "skipped", "missed"), dates
    absences: list[list[Cell]] = [[party, count] for party, count in sorted(section.absences.items())]
    yield "absences", ("party", "count"), absences
    silences: list[list[Cell]] = [
        [row.cause, row.told_by, row.about, row.count, row.lasting, seconds(row.total_ms), seconds(row.longest_ms)]
        for row in section.silences
    ]
    yield "silences", ("cause", "told-by", "about", "count", "lasting", "total", "longest"), silences
    messages = [
        [row.precedence, row.sent_by, row.stated_by, row.sent, stage, *_speed(row.stages[stage])]
        for row in section.messages
        for stage in row.stages
    ]
    yield "messages", ("precedence", "sent-by", "stated-by", "sent", "stage", "count", "median", "worst"), messages
    calls = [[row.rung_by, row.answered_by, row.made, *_speed(row.answers)] for row in section.calls]
    yield "calls", ("rung-by", "answered-by", "made", *speeds), calls
    kinds: list[list[Cell]] = [[row.kind, party, row.by[party]] for row in section.kinds for party in sorted(row.by)]
    yield "kinds", ("kind", "party", "count"), kinds


def _speed(row: Speed) -> list[Cell]:
    return [row.count, seconds(row.median_ms), seconds(row.worst_ms)]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], words: Words) -> Iterator[str]:
    yield '<table border="1" cellpadding="3" cellspacing="0">'
    heads = (_word(words, f"column-{column}") for column in columns)
    yield f"<tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
    yield "</table>"


def _plots(days: Sequence[DayRow], words: Words) -> Iterator[str]:
    series = {
        "tests": [day.answers for day in days],
        "worst": [-(-(day.worst_answer_ms or 0) // _SECOND_MS) for day in days],
        "messages": [day.messages for day in days],
        "silent": [-(-day.silent_ms // _MINUTE_MS) for day in days],
    }
    for name in PLOTS:
        if any(series[name]):
            yield f"<h3>{_word(words, f'plot-{name}')}</h3>"
            yield _plot(series[name], words(f"label-report-plot-{name}", {}))


def _plot(values: Sequence[int], title: str) -> str:
    """Bars, one a day, the highest as high as the plot; under each the day, above the highest its value."""
    highest, width = max(values), len(values) * (_BAR + _GAP)
    bars: list[str] = []
    for number, value in enumerate(values):
        left, height = number * (_BAR + _GAP), _HEIGHT * value // highest
        top = _ROOM + _HEIGHT - height
        bars.append(f'<rect x="{left}" y="{top}" width="{_BAR}" height="{height}" fill="#345"/>')
        bars.append(_label(left, 2 * _ROOM + _HEIGHT - 2, str(number + 1)))
        if value == highest:
            bars.append(_label(left, _ROOM - 3, str(value)))
    box = f'width="{width}" height="{2 * _ROOM + _HEIGHT}" viewBox="0 0 {width} {2 * _ROOM + _HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {box}><title>{escape(title)}</title>{"".join(bars)}</svg>'
    )


def _label(left: int, top: int, text: str) -> str:
    return f'<text x="{left}" y="{top}" font-size="9" font-family="sans-serif">{text}</text>'
