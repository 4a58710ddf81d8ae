"""Targets: a value that is to be reached, with its operator, unit and period."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from . import columns
from .findings import Source, Target, Task
from .outline import Node, is_heading
from .sections import NOTHING, TARGETS, kind_of
from .tables import ReadTable, cell_text
from .text import fold, squeeze

_NUMBER = r"\d{1,3}(?:\.\d{3}){1,5}(?!\d)|\d{1,15}(?:[.,]\d{1,6})?"
_PERCENT = re.compile(
    rf"(?<![\d.,])(?P<n>{_NUMBER})\s*(?:%?\s*(?:-|den)\s*(?P<n2>{_NUMBER})\s*)?%"
)  # of "60% đến 65%" the lower end
_COUNT = re.compile(
    r"(?P<op>it nhat|toi thieu|khong duoi|khong qua|toi da|tu|dat|co|duoi|tren|them|phan dau|"
    rf"moi (?:nam|truong|don vi|xa)(?: co)?(?: it nhat)?)\s+(?P<n>{_NUMBER})\s+"
    r"(?P<unit>(?!den\b|tro\b|%|lan\b|thang|nam\b|ngay|tuoi|/|hoc ky|gio\b|lan thu|quy\b)[a-zđ][\w-]*(?:\s+(?!tro len|duoc|dat|"
    r"tro xuong|cap|la|va|co|trong|tren|theo|cho|den)[a-zđ][\w-]*){0,3})"
    r"(?P<up>\s+tro len|\s+tro xuong)?"
)
_ALL = re.compile(
    r"(?:tai|o|cho|doi voi)\s+(?P<all>tat ca|toan bo)\s+(?:cac\s+)?(?P<unit>[\w]+(?:\s[\w]+){0,3})"
)
_DONE = re.compile(r"^\W*hoan thanh\b")
_SHARE = re.compile(r"\bty le\b(?! (?:thuan|nghich))")
_LEAST = re.compile(
    r"it nhat|toi thieu|khong thap hon|khong duoi|khong it hon|tro len|dat tu|>=|≥|tu\s*$|"
    r"\btu\b(?=[^,;]{0,12}$)"
)
_MOST = re.compile(
    r"khong qua|toi da|khong vuot(?: qua)?|xuong(?: con)?\s*$|giam (?:con|xuong)|<=|≤|tro xuong|khong cao hon"
)
_OVER = re.compile(r"(?:\btren|hon|vuot|>)\s*$")
_UNDER = re.compile(r"(?:(?<!khong )\bduoi|(?<!khong )\bthap hon|<)\s*$")
_FROM, _TO = (
    re.compile(r"\btu\s*$"),
    re.compile(r"\b(?:len|xuong|den)(?: (?:con|tren|duoi|it nhat|toi thieu))*\s*$"),
)
_PERIOD = re.compile(
    r"(?:den\s+(?:het\s+|cuoi\s+)?|het\s+|trong\s+|cuoi\s+)?nam hoc\s*20\d{2}\s*[-–]\s*(?:20)?\d{2}|"
    r"(?:den\s+(?:het\s+|cuoi\s+)?|het\s+|trong\s+|cuoi\s+)nam\s*20\d{2}|"
    r"giai doan\s*20\d{2}\s*[-–]\s*20\d{2}|nam\s*20\d{2}"
)


@dataclass(frozen=True)
class _Value:
    operator: str
    value: int | float
    unit: str
    start: int
    end: int
    stated: bool


def figure(text: str) -> int | float:
    """ "1.200" is twelve hundred, "99,5" a decimal (comma as in Vietnamese)."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return int(text.replace(".", ""))
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


_STATED = ("it nhat", "toi thieu", "khong duoi", "khong qua", "toi da")


def find_values(text: str, *, counts: bool = False) -> list[_Value]:
    """Percentages in `text`, and counted things: those with a bound ("ít nhất 02 mô hình"), all of them
    when `counts`."""
    folded = fold(text)
    out = []
    for match in _PERCENT.finditer(folded):
        value = figure(match["n"])
        operator, stated = _operator(folded, match.start(), match.end(), value)
        out.append(_Value(operator, value, "%", match.start(), match.end(), stated))
    for match in _COUNT.finditer(folded):
        if any(v.start <= match.start("n") < v.end for v in out):
            continue
        if not counts and not match["op"].endswith(_STATED):
            continue
        operator, stated = _operator(folded, match.start("n"), match.end(), 0)
        unit = squeeze(text[match.start("unit") : match.end("unit")])
        sign = operator if stated else "=" if match["op"] == "co" else ">="
        out.append(_Value(sign, figure(match["n"]), unit, match.start("n"), match.end(), stated))
    return _ends(folded, sorted(out, key=lambda v: v.start))


def _ends(folded: str, values: list[_Value]) -> list[_Value]:
    """Without where a rise or a fall begins: "tăng từ 60% năm 2025 lên 80% năm 2026" aims at 80%."""
    return [
        value
        for value, after in itertools.zip_longest(values, values[1:])
        if not (after and _FROM.search(folded[: value.start]) and _TO.search(folded[value.end : after.start]))
    ]


def _operator(folded: str, start: int, end: int, value: int | float) -> tuple[str, bool]:
    """Sign of comparison. Without a word for it 100% is all of them, and less than 100% a floor."""
    before, after = folded[max(0, start - 28) : start], folded[end : end + 14]
    if _UNDER.search(before):
        return "<", True
    if re.match(r"\s*tro xuong", after) or _MOST.search(before):
        return "<=", True
    if re.match(r"\s*tro len", after) or _LEAST.search(before):
        return ">=", True
    if _OVER.search(before):
        return ">", True
    return ("=" if value == 100 else ">="), False


def targets_of(root: Node, tasks: list[Task], duties: list[Task], period: str | None) -> list[Target]:
    """Targets of the sections of targets, then figures that tasks and duties carry."""
    found: list[Target] = []
    for node in root.walk():
        if kind_of(node) == TARGETS and not node.children and node.paragraph and not _is_title(node):
            source = Source(node.paragraph.start_line, node.last_line)
            text = " ".join([node.text, *(p.text for p in node.tail)])
            found.extend(_of_statement(text, node.section, source, period))
    for task in tasks:
        found.extend(_of_task(task, period))
    for duty in duties:
        found.extend(_of_clauses(duty.text, duty.section, duty.source, period))
    return _distinct(found)


def _is_title(node: Node) -> bool:
    return bool(node.paragraph and node.paragraph.caps) or (
        is_heading(node) and node.text.rstrip().endswith(":")
    )


def _of_statement(text: str, section: str, source: Source, period: str | None) -> list[Target]:
    """A bullet of a section of targets: each figure in it, or the whole where it has none."""
    out = _figures(text, section, source, period, counts=True)
    if out:
        return out
    every = _ALL.search(fold(text))
    body = text.strip().rstrip(" .;")
    own = _period(text) or period
    if every:
        return [
            Target(
                _main(body),
                source,
                "=",
                text[every.start("all") : every.end("all")],
                text[every.start("unit") : every.end("unit")],
                own,
                section,
                "all",
            )
        ]
    if _DONE.match(fold(text)):
        return [Target(_main(body), source, "=", "hoàn thành", "trạng thái", own, section, "status")]
    return [Target(body, source, None, None, None, own, section, "unquantified")]


def _of_task(task: Task, period: str | None) -> list[Target]:
    out = _of_clauses(task.text, task.section, task.source, period)
    every = re.search(
        r"(?:doi voi|tai|cho)\s+(?P<all>toan bo|tat ca)\s+(?:cac\s+)?(?P<unit>\w+(?:\s\w+){0,2})",
        fold(task.text),
    )
    if every and not out and len(task.text) < 260:
        own = task.deadline.raw if task.deadline.date else period
        out.append(
            Target(
                task.text.rstrip(" ."),
                task.source,
                "=",
                task.text[every.start("all") : every.end("all")],
                task.text[every.start("unit") : every.end("unit")],
                own,
                task.section,
                "all",
            )
        )
    if task.product and not any(t.measure == "number" for t in out):
        out += _figures(task.product, task.section, task.source, period)
        if not out and _SHARE.search(fold(task.product)):
            out.append(
                Target(
                    task.product.rstrip(" ."),
                    task.source,
                    None,
                    None,
                    "%",
                    period,
                    task.section,
                    "unquantified",
                )
            )
    return out


def _of_clauses(text: str, section: str, source: Source, period: str | None) -> list[Target]:
    """Figures in running text; a rate that is to rise or be kept, where no figure is given."""
    out = _figures(text, section, source, period)
    if not out:
        rate = re.search(r"(?:duy tri,? )?(?:nang cao|tang|giam|duy tri) ty le [^,;.]+", fold(text))
        if rate:
            out.append(
                Target(
                    text[rate.start() : rate.end()].strip(),
                    source,
                    None,
                    None,
                    "%",
                    period,
                    section,
                    "unquantified",
                )
            )
    return out


def _figures(
    text: str, section: str, source: Source, period: str | None, *, counts: bool = False
) -> list[Target]:
    out = []
    for clause in _clauses(text):
        values = find_values(clause, counts=counts)
        for value, words in zip(values, _shares(clause, values), strict=True):
            out.append(
                Target(
                    words,
                    source,
                    value.operator,
                    value.value,
                    value.unit,
                    _period(words) or period,
                    section,
                    "number",
                    value.stated,
                )
            )
    return out


def _clauses(text: str) -> list[str]:
    return [
        part.strip()
        for part in re.split(r"(?<=[;])\s+|(?<=[^\d\W]{2}[.])\s+(?=[A-ZĐ])|(?<=%[.])\s+|(?<=\)[.])\s+", text)
        if part.strip(" .;")
    ]


def _shares(clause: str, values: list[_Value]) -> list[str]:
    """The words that belong to each figure: the clause cut at the comma or "và" before the next figure."""
    if not values:
        return []
    cuts = [0]
    for before, value in itertools.pairwise(values):
        window = clause[before.end : value.start]
        places = [m.end() for m in re.finditer(r"[,;]\s+(?!phường|đặc khu)|\s+và\s+|\s+(?=trong đó)", window)]
        cuts.append(before.end + (places[-1] if places else len(window)))
    cuts.append(len(clause))
    return [_main(clause[a:b]) for a, b in itertools.pairwise(cuts)]


_TRAIL = re.compile(
    r",\s+(?:bao dam|dam bao|gop phan|nham|de\b|dong thoi|ket noi|tu do|qua do|tao|phuc vu|huong toi|tien "
    r"toi)|\s+de (?:phuc vu|hinh thanh|gop phan|nang cao|bao dam)"
)


def _main(words: str) -> str:
    """Without what only gives a purpose after the figure."""
    folded = fold(words)
    trail = next((m for m in _TRAIL.finditer(folded) if m.start() > 30), None)
    return squeeze(words[: trail.start()] if trail else words).strip(" .;,")


def _period(text: str) -> str | None:
    found = _PERIOD.search(fold(text))
    return squeeze(text[found.start() : found.end()]) if found else None


def period_of(subject: str | None) -> str | None:
    """Period of the whole directive as its subject names it ("năm 2026", "năm học 2025 - 2026")."""
    if not subject:
        return None
    found = list(
        _PERIOD.finditer(
            fold(
                re.sub(
                    r"ngày\s*\d{1,2}\s*(?:/\s*\d{1,2}\s*/\s*\d{4}|tháng\s*\d{1,2}\s*năm\s*\d{4})",
                    lambda m: "_" * len(m.group()),
                    subject,
                )
            )
        )
    )
    return squeeze(subject[found[-1].start() : found[-1].end()]) if found else None


def targets_of_table(table: ReadTable, section: str, period: str | None) -> list[Target]:
    """Rows of a table of targets: a name, a unit, a value for each year."""
    out = []
    for row in table.rows:
        text = cell_text(row.get(columns.TARGET) or row.get(columns.TASK))
        unit = cell_text(row.get(columns.UNIT)) or None
        source = Source(row.start_line, row.end_line)
        label = ".".join(filter(None, (section, *(g[0] for g in row.group), row.number)))
        for head, raw in row.values:
            value = re.search(_NUMBER, raw)
            if not text or not raw:
                continue
            if value is None:
                out.append(Target(text, source, None, raw, unit, _period(head) or period, label, "status"))
                continue
            number = figure(value.group())
            percent = "%" if "%" in raw or (unit or "").strip() == "%" or "%" in head else unit
            operator, stated = _operator(
                fold(raw), value.start(), value.end(), number if percent == "%" else 0
            )
            out.append(
                Target(
                    text, source, operator, number, percent, _period(head) or period, label, "number", stated
                )
            )
    return out


def _distinct(targets: list[Target]) -> list[Target]:
    seen: set[tuple[object, ...]] = set()
    out = []
    for target in targets:
        key = (fold(target.text), target.value, target.period, target.unit)
        if key not in seen:
            seen.add(key)
            out.append(target)
    return out


__all__ = ["NOTHING", "figure", "find_values", "period_of", "targets_of", "targets_of_table"]
