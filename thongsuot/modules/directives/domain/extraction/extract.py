"""From a document that was read to what is in it."""

from __future__ import annotations

import re

from ..reading.document import Line, ReadDocument, Row, Table
from . import columns
from .deadlines import parse_deadline
from .findings import ExtractedDirective, Header, Source, Target, Task
from .flat_tables import rebuild
from .header import Head, infer_issuer, read_head
from .legal import Citation, distinct, find_citations, find_laws
from .outline import Node, build_outline
from .paragraphs import CLOSING, Flow, Paragraph, build
from .prose import Found, tasks_of
from .reporting import duties_of
from .roles import read_roles
from .sections import DUTIES, TASKS, UNKNOWN
from .signature import is_foot, read_foot
from .tables import ReadTable, TableRow, cell_text, read_table
from .targets import period_of, targets_of, targets_of_table
from .text import fold, is_caps, squeeze
from .units import split_units, starts_unit


def extract(document: ReadDocument) -> ExtractedDirective:
    """Header, tasks, targets and reporting duties of a directive. Pure: no clock, no database, no network."""
    document = _with_flat_tables(document)
    flow = build(document)
    head, body, foot, annex = _parts(flow)
    recipients, filed, signer, signature = read_foot(foot)
    root = build_outline([*body, *annex])
    period = period_of(head.subject)
    year = _year(head, period)
    rows, target_rows, task_tables = _read_tables(root, year, period)
    prose = tasks_of(root, year=year)
    tasks, duties = _sorted_out(rows, prose, has_table=bool(task_tables))
    closing = _closing(root)
    targets = targets_of(root, tasks, duties, period) + target_rows
    texts = [p.full for p in body if isinstance(p, Paragraph)]
    header = Header(
        number=head.number,
        symbol=head.symbol,
        type=head.type,
        place=head.place,
        date=head.date,
        issuer=head.issuer or infer_issuer(head, texts, signature),
        date_raw=head.date_raw,
        subject=head.subject,
        signer=signer,
        addressed_to=head.addressed_to,
        recipients=tuple(recipients),
        filed=filed,
        legal_bases=tuple(_citations(document, flow, head)),
        signature_times=tuple(flow.stamps),
    )
    return ExtractedDirective(
        header,
        tuple(tasks),
        tuple(targets),
        tuple(duties_of(tasks, duties, closing, year)),
        tuple([*duties, *closing]),
        tuple(_notes(header, tasks)),
    )


def _with_flat_tables(document: ReadDocument) -> ReadDocument:
    """The document with tables that came as running lines put back together."""
    if any(_has_head(table) for table in document.tables()):
        return document
    lines = [item for item in document.flow if isinstance(item, Line)]
    flow, found = rebuild(lines)
    if not found:
        return document
    return ReadDocument(document.format, document.lines, tuple(flow), document.notes)


def _has_head(table: Table) -> bool:
    read = read_table(table)
    return read is not None and columns.is_task_table(read.roles)


def _parts(flow: Flow) -> tuple[Head, list[Paragraph | Table], list[Paragraph], list[Paragraph | Table]]:
    """Head, body, foot, and what comes after the signature (annexes)."""
    items = flow.items
    first = next(
        (i for i, item in enumerate(items) if isinstance(item, Table) and read_table(item)), len(items)
    )
    lead_in = [item for item in items[:first] if isinstance(item, Paragraph)]
    head = read_head(lead_in)
    taken = {id(p) for p in lead_in[: head.end]}
    rest = [item for item in items if id(item) not in taken]
    start = next((i for i, item in enumerate(rest) if isinstance(item, Paragraph) and is_foot(item)), None)
    if start is None:
        return head, rest, [], []
    end = start
    while end < len(rest) and isinstance(rest[end], Paragraph) and not _is_annex(rest[end]):
        end += 1
    foot = [item for item in rest[start:end] if isinstance(item, Paragraph)]
    return head, rest[:start], foot, rest[end:]


def _is_annex(item: Paragraph | Table) -> bool:
    return (
        isinstance(item, Paragraph)
        and bool(
            re.match(
                r"\s*(?:phu luc|danh muc|bang phan cong|bieu|mau so|ke hoach|phu bieu)\b", fold(item.full)
            )
        )
        and (
            is_caps(item.full) or (bool(re.match(r"\s*phu luc\b", fold(item.full))) and len(item.full) < 120)
        )
    )


def _year(head: Head, period: str | None) -> int | None:
    if head.date:
        return head.date.year
    for text in (period, head.date_raw):
        found = re.findall(r"20\d{2}", text or "")
        if found:
            return int(found[-1])
    return None


def _read_tables(
    root: Node, year: int | None, period: str | None
) -> tuple[list[Task], list[Target], list[ReadTable]]:
    """Tasks and targets of all tables, and the tables of tasks."""
    tasks: list[Task] = []
    targets: list[Target] = []
    found: list[ReadTable] = []
    before: ReadTable | None = None
    for node in [root, *root.walk()]:
        for table in node.tables:
            read = read_table(table, before)
            if read is None:
                continue
            before = read
            if columns.is_target_table(read.roles):
                targets.extend(targets_of_table(read, node.section, period))
            elif columns.is_task_table(read.roles):
                found.append(read)
                tasks.extend(
                    _row_task(row, node, year) for row in read.rows if cell_text(row.get(columns.TASK))
                )
    return tasks, targets, found


def _row_task(row: TableRow, node: Node, year: int | None) -> Task:
    text = cell_text(row.get(columns.TASK))
    lead, coordinating, lead_raw = _units(row)
    time = cell_text(row.get(columns.DEADLINE))
    legal = cell_text(row.get(columns.LEGAL))
    cited = find_citations(legal) + find_citations(text) + ([] if lead else find_citations(lead_raw or ""))
    group = row.group[-1] if row.group else None
    labels = [
        node.section,
        *(number for number, _ in row.group if number and not row.number.startswith(number + ".")),
        row.number,
    ]
    return Task(
        section=".".join(label for label in labels if label),
        text=text,
        group=squeeze(". ".join(part for part in group if part)) if group else None,
        lead=tuple(lead),
        coordinating=tuple(coordinating),
        product=cell_text(row.get(columns.PRODUCT)) or None,
        deadline=parse_deadline(time, today_year=year),
        legal_basis=tuple(distinct(cited + find_laws(legal + " " + text))),
        legal_raw=legal or None,
        lead_raw=lead_raw,
        note=cell_text(row.get(columns.NOTE)) or None,
        source=Source(row.start_line, row.end_line),
    )


_ROLE_WORD = re.compile(r"\s+(?:tham gia|phoi hop|chu tri|thuc hien|tham muu|theo doi)\s*$")


def _units(row: TableRow) -> tuple[list[str], list[str], str | None]:
    """Lead and coordinating units of a row. A cell that refers to another document ("Theo Kế hoạch số
    ...") names no unit."""
    both = row.get("both")
    if both:
        return _both(both)
    raw = cell_text(row.get(columns.LEAD))
    folded = fold(raw)
    lead: list[str] = []
    if raw and not re.match(r"\s*(?:theo|nhu|xem|thuc hien theo)\b", folded):
        role = _ROLE_WORD.search(folded)
        lead = split_units(_listed(row.get(columns.LEAD)) if not role else raw[: role.start()])
    plain = cell_text(" ".join(lead))
    coordinating = split_units(_listed(row.get(columns.COORDINATING)))
    if (
        raw
        and not row.get(columns.COORDINATING)
        and re.search(r"phoi hop", folded)
        and (not _ROLE_WORD.search(folded) or "chu tri" in folded)
    ):
        return _both(row.get(columns.LEAD))
    return lead, coordinating, raw if raw and fold(raw) != fold(plain) else None


def _listed(text: str) -> str:
    """A cell whose lines are each a unit keeps them apart; lines that only wrap are joined."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(
        re.match(r"[-+•]\s", line) or (starts_unit(line) and line[:1].isupper()) for line in lines
    ):
        return "; ".join(line.strip(" -+•;,.") for line in lines)
    return cell_text(text)


def _both(text: str) -> tuple[list[str], list[str], str | None]:
    raw = cell_text(text)
    after = re.fullmatch(r"(?P<lead>.+?)\s+chu tri\s*[,;.]\s*(?P<with>.+?)\s+phoi hop\W*", fold(raw))
    if after:  # "X chủ trì, Y phối hợp"
        return (
            split_units(raw[: after.end("lead")]),
            split_units(raw[after.start("with") : after.end("with")]),
            raw,
        )
    found = re.search(
        r"(?:chu tri\s*[:-]\s*)?(?P<lead>.*?)[\s;,.(/-]*(?:(?:don vi |co quan )?phoi hop(?: "
        r"voi)?\s*[:-]?\s*)(?P<with>.*)$",
        fold(raw),
    )
    if found:
        lead = re.sub(r"(?i)^\W*(?:đơn vị |cơ quan )?chủ trì\s*[:-]?\s*", "", raw[: found.end("lead")])
        lead = re.sub(r"(?i)[\s,;(]*chủ trì\W*$", "", lead)
        return split_units(lead), split_units(raw[found.start("with") :].rstrip(") ")), raw
    lines = [line.strip(" -+•") for line in re.split(r"\n|;", text) if line.strip(" -+•")]
    return split_units(lines[0]), [u for line in lines[1:] for u in split_units(line)], raw


def _sorted_out(rows: list[Task], prose: list[Found], *, has_table: bool) -> tuple[list[Task], list[Task]]:
    """Tasks and standing duties. Where a table gives the tasks, the duties of units stay apart from them,
    and prose that
    only repeats the table is left out."""
    if not has_table or not rows:
        return [found.task for found in prose], []
    duties = [f.task for f in prose if f.section_kind in (DUTIES, UNKNOWN)]
    said = [_words(row.text) for row in rows]
    more = [f.task for f in prose if f.section_kind == TASKS and not _repeats(_words(f.task.text), said)]
    return sorted([*rows, *more], key=lambda task: task.source.start_line), duties


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _repeats(words: frozenset[str], said: list[frozenset[str]]) -> bool:
    """Do most of the words of the shorter one stand in the other?"""
    return any(words and row and len(words & row) >= 0.6 * min(len(words), len(row)) for row in said)


def _closing(root: Node) -> list[Task]:
    """Orders in the closing paragraphs: kept with the standing duties, for their reports."""
    out = []
    for node in root.walk():
        paragraph = node.paragraph
        if paragraph is None or node.kind != "plain" or not CLOSING.match(fold(paragraph.text)):
            continue
        for sentence in re.split(r"(?<=[^\d\W]{2}[.])\s+(?=[A-ZĐ])", paragraph.text):
            if re.match(r"\s*tren day la", fold(sentence)) or not re.search(
                r"de nghi|yeu cau|bao cao|phan anh|gui", fold(sentence)
            ):
                continue
            roles = read_roles(sentence)
            out.append(
                Task(
                    "kết",
                    sentence.strip(),
                    Source(paragraph.start_line, paragraph.end_line),
                    lead=roles.lead,
                    coordinating=roles.coordinating,
                )
            )
    return out


def _citations(document: ReadDocument, flow: Flow, head: Head) -> list[Citation]:
    found: list[Citation] = []
    for item in flow.items:
        if isinstance(item, Table):
            for row in item.rows:
                found.extend(_of_row(row))
        elif not re.match(r"\s*so\s*:", fold(item.full)):
            found.extend(find_citations(item.full))
    for note in flow.footnotes:
        found.extend(find_citations(note.text))
    return [item for item in distinct(found) if item.number != head.number]


def _of_row(row: Row) -> list[Citation]:
    return [c for cell in row.cells if not cell.spanned for c in find_citations(cell_text(cell.text))]


def _notes(header: Header, tasks: list[Task]) -> list[str]:
    """What a reviewer should look at first."""
    notes = []
    if header.date is None:
        notes.append("Không đọc được ngày ban hành của văn bản.")
    if header.number is None:
        notes.append("Văn bản chưa có số.")
    bare = sum(not task.lead for task in tasks)
    if tasks and bare:
        notes.append(f"{bare} nhiệm vụ chưa nêu đơn vị chủ trì.")
    if not tasks:
        notes.append("Không tìm thấy nhiệm vụ nào. Hãy kiểm tra lại tệp hoặc thêm nhiệm vụ bằng tay.")
    return notes
