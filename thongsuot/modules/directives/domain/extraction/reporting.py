"""Reporting duties: who sends which report to whom, through whom, by when."""

from __future__ import annotations

import re

from .deadlines import NONE, Deadline, find_deadline
from .findings import Duty, Source, Task
from .text import fold, squeeze
from .units import starts_unit, unit_span

_SENDS = re.compile(
    r"\b(?:gui(?: bao cao)?(?: ket qua)?(?: ve| cho| den)?|bao cao(?: [^,;.()]{0,90}?)?(?: ve| cho| gui| "
    r"len)|bao cao|phan anh(?: ve)?|"
    r"nop(?: ve)?|tong hop,? bao cao)\s+(?=\S)"
)
_THROUGH = re.compile(
    r"\s*\(\s*(?:qua|thong qua)\s+(?P<unit>[^()]+)\)|\s+(?:thong )?qua\s+(?=(?:phong|van phong|he thong|"
    r"so)\b)"
)
_REGULAR = re.compile(
    r"che do bao cao[^,;.]*|bao cao (?:dinh ky|dot xuat|thong ke|hang (?:thang|quy|nam|tuan))[^,;.]*"
)
_PERIOD = re.compile(
    r"dinh ky(?:,? dot xuat| hang (?:thang|quy|nam|tuan|hoc ky))?|dot xuat|hang (?:thang|quy|nam|tuan)|"
    r"thuong xuyen|kip thoi|khi co yeu cau|"
    r"\(ky dau nam hoc[^)]*\)|hoc ky (?:1|2|i{1,2}) nam hoc 20\d{2}\s*-\s*20\d{2}|nam hoc "
    r"20\d{2}\s*-\s*20\d{2}|quy (?:[ivx]+|\d)[/ ]|6 thang[^,;.]{0,14}nam|9 thang"
)


def duties_of(tasks: list[Task], duties: list[Task], closing: list[Task], year: int | None) -> list[Duty]:
    """Duties that tasks, standing duties and the closing paragraphs lay down."""
    out: list[Duty] = []
    own = {id(task) for task in tasks}
    for task in [*tasks, *duties, *closing]:
        found = _in_text(task, year)
        out.extend(found)
        if (
            not found
            and task.product
            and re.match(r"\s*(?:cac )?bao cao\b", fold(task.product))
            and id(task) in own
        ):
            out.append(
                Duty(
                    task.product,
                    task.source,
                    task.lead,
                    due=task.deadline if task.deadline.date else NONE,
                    period=None if task.deadline.date else task.deadline.raw,
                    section=task.section,
                )
            )
    return out


def _in_text(task: Task, year: int | None) -> list[Duty]:
    out = []
    for sentence in _sentences(task.text):
        folded = fold(sentence)
        sent = next((m for m in _SENDS.finditer(folded) if _recipient(sentence[m.end() :])), None)
        if sent is not None:
            out.append(_duty(task, sentence, folded, sent, year))
            continue
        regular = _REGULAR.search(folded)
        if regular:
            out.append(
                Duty(
                    squeeze(sentence[regular.start() : regular.end()]),
                    task.source,
                    task.lead,
                    due=_dated(find_deadline(sentence, year=year)),
                    period=_period(sentence, folded),
                    section=task.section,
                )
            )
    return out


def _duty(task: Task, sentence: str, folded: str, sent: re.Match[str], year: int | None) -> Duty:
    to = _recipient(sentence[sent.end() :])
    after = folded[sent.end() + len(to or "") :]
    through = _THROUGH.search(after)
    name = None
    if through:
        rest = sentence[sent.end() + len(to or "") + through.end() :]
        name = (
            through["unit"]
            and sentence[
                sent.end() + len(to or "") + through.start("unit") : sent.end()
                + len(to or "")
                + through.end("unit")
            ]
        )
        name = name or squeeze(rest[: unit_span(rest)])
    deadline = find_deadline(sentence, year=year)
    what = squeeze(re.sub(r"\s*\bvà$", "", sentence[: sent.start()].strip(" ,;"))) or squeeze(sentence)
    if len(what) < 25:
        what = squeeze(sentence).rstrip(" .;")
    who = (task.authority,) if task.authority and "tham muu" in folded[: sent.start()] else task.lead
    return Duty(
        what,
        task.source,
        tuple(filter(None, who)),
        to,
        squeeze(name) if name else None,
        _dated(deadline),
        _period(sentence, folded),
        task.section,
    )


def _dated(deadline: Deadline) -> Deadline:
    return deadline if deadline.date or deadline.kind == "recurring" else NONE


def _recipient(text: str) -> str | None:
    if not starts_unit(text):
        return None
    end = min(x for x in (unit_span(text), (text + "(").index("("), _stop(text)) if x >= 0)
    return squeeze(text[:end]).strip(" ,;") or None


def _stop(text: str) -> int:
    found = re.search(
        r"\s+(?:truoc|cham nhat|de |theo|qua |khi |hang |dinh ky|trong |kem|vao )|[,;.]", fold(text)
    )
    return found.start() if found else len(text)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[^\d\W]{2}[.])\s+(?=[A-ZĐ])|(?<=;)\s+", text) if part.strip()]


def _period(text: str, folded: str) -> str | None:
    found = _PERIOD.search(folded)
    return squeeze(text[found.start() : found.end()]).strip("( )") if found else None


def closing_source(start: int, end: int) -> Source:
    return Source(start, end)
