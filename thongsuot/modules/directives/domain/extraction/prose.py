"""Tasks in prose: the leaves of the outline in sections of tasks and of units' duties."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .deadlines import Deadline, find_deadline, parse_deadline, same_time
from .findings import Source, Task
from .legal import Citation, find_citations, find_laws
from .outline import Node, is_heading
from .paragraphs import CLOSING, Paragraph
from .products import read_product
from .roles import Roles, inline_fields, read_asked, read_field, read_roles
from .sections import DUTIES, NOTHING, TARGETS, TASKS, UNKNOWN, kind_of, kind_of_title
from .text import fold, squeeze
from .units import read_unit_list, split_units, starts_unit
from .verbs import ACTION

_NOT_ORDER = re.compile(
    r"chiu trach nhiem thi hanh quyet dinh|co hieu luc (?:thi hanh )?(?:ke )?tu ngay|trach nhiem thi hanh|"
    r"het hieu luc|"
    r"^\W*(?:ban hanh kem theo|phe duyet (?:kem theo|ke hoach)|kem theo quyet dinh nay)|^\W*noi nhan"
)
_LIST_STEM = re.compile(
    r"(?:gom|bao gom|nhu sau|sau day|cu the|gom co|thanh phan|ho so)\s*(?:\([^)]*\))?\s*:\s*$"
)


@dataclass(frozen=True)
class Found:
    """A task with the kind of section it was found in."""

    task: Task
    section_kind: str


def tasks_of(root: Node, *, year: int | None) -> list[Found]:
    """Tasks in the order of the text; `year` stands in where a date has none."""
    out: list[Found] = []
    for node in root.walk():
        if not (_is_leaf(node) or _speaks(node)):
            continue
        kind = kind_of(node)
        if kind in (NOTHING, TARGETS) or _is_other(node):
            continue
        if kind == UNKNOWN and not _is_order(node):
            continue
        out.extend(Found(task, kind) for task in _tasks(node, year))
    return out


def _is_leaf(node: Node) -> bool:
    """Does the node carry a task itself? Its children may be its fields or the parts of a list."""
    if node.paragraph is None or any(_is_leaf(above) for above in node.path()[:-1]):
        return False
    if not node.children:
        return not _bare_heading(node)
    if all(read_field(child.text) for child in node.children):
        return True
    if _LIST_STEM.search(fold(node.text)) or is_heading(node):
        return (
            bool(_LIST_STEM.search(fold(node.text)))
            and len(node.text) > 60
            and not any(_carries(child) for child in node.children)
            and bool(ACTION.match(fold(node.text)))
        )
    return not any(_carries(child) for child in node.children) and bool(ACTION.match(fold(node.text)))


def _speaks(node: Node) -> bool:
    """Is the paragraph an order in a whole sentence, beside the items below it?"""
    return (
        bool(node.children)
        and bool(re.search(r"[.;]\s*$", node.text))
        and not is_heading(node)
        and not any(_is_leaf(above) for above in node.path())
        and not all(read_field(child.text) for child in node.children)
        and bool(ACTION.match(fold(node.text)) or read_roles(node.text).lead)
    )


def _carries(node: Node) -> bool:
    return (
        bool(ACTION.match(fold(node.text)))
        or bool(read_roles(node.text).lead)
        or bool(node.children)
        or starts_unit(node.text)
    )


def _bare_heading(node: Node) -> bool:
    paragraph = node.paragraph
    return (
        paragraph is not None
        and not node.tail
        and (
            paragraph.caps
            or node.text.rstrip().endswith(":")
            or bool(read_unit_list(node.text))
            or bool(node.tables)
        )
    )


def _is_other(node: Node) -> bool:
    folded = fold(node.text)
    if node.kind == "plain" and CLOSING.match(folded) and re.search(r"[./]/\.?\s*$", node.text):
        return True
    if (
        node.kind == "plain"
        and (CLOSING.match(folded) or re.match(r"\s*(?:can cu|thuc hien|theo de nghi|xet)\b", folded))
        and (not read_roles(node.text).lead)
    ):
        return True
    return bool(_NOT_ORDER.search(folded)) or len(node.text) < 12


def _is_order(node: Node) -> bool:
    """Outside any known section: an order by its words, below no title that says otherwise."""
    if node.kind == "plain":
        return bool(read_roles(node.text).lead)
    lead = read_roles(node.text).lead or _inherited(node)[0]
    return bool(lead) or bool(ACTION.match(fold(node.text)))


def _tasks(node: Node, year: int | None) -> list[Task]:
    paragraph = node.paragraph
    if paragraph is None:
        return []
    text = " ".join([paragraph.text, *(p.text for p in node.tail)])
    fields = {}
    if node.children and all(read_field(child.text) for child in node.children):
        fields = dict(filter(None, (read_field(child.text) for child in node.children)))
    elif node.children and not _speaks(node):
        text = " ".join([text, *(child.paragraph.full for child in node.walk() if child.paragraph)])
    text, inline = inline_fields(squeeze(text))
    fields = {**inline, **fields}
    parts = split_by_time(text, year) if not fields else [text]
    inherited, _ = _inherited(node)
    if len(parts) > 1 and not inherited:  # who begins the sentence goes on to do what follows in it
        inherited = list(read_roles(parts[0]).lead)
    legal = _legal_above(node)
    out = []
    for index, part in enumerate(parts, 1):
        section = node.section if len(parts) == 1 else f"{node.section} ({index})"
        out.append(_task(part, section, node, fields, inherited, legal, year, paragraph))
    return out


def _task(
    text: str,
    section: str,
    node: Node,
    fields: dict[str, str],
    inherited: list[str],
    legal: list[Citation],
    year: int | None,
    paragraph: Paragraph,
) -> Task:
    roles = read_roles(text)
    named = tuple(inherited) if roles.directed and inherited else roles.lead or tuple(inherited)
    lead = tuple(split_units(fields["lead"])) if "lead" in fields else named
    coordinating = (
        tuple(split_units(fields["coordinating"])) if "coordinating" in fields else roles.coordinating
    )
    return Task(
        section=section,
        text=text,
        group=group_of(node),
        lead=lead,
        coordinating=tuple(unit for unit in coordinating if unit not in lead),
        product=fields.get("product") or read_product(text),
        deadline=_when(text, fields, year),
        legal_basis=tuple([*find_citations(text), *find_laws(text)] or legal),
        legal_raw=fields.get("legal"),
        authority=roles.authority,
        note=fields.get("note"),
        source=Source(
            paragraph.start_line,
            paragraph.end_line if _speaks(node) else max(node.last_line, paragraph.end_line),
            tuple(paragraph.skip),
        ),
    )


def _when(text: str, fields: dict[str, str], year: int | None) -> Deadline:
    if "deadline" in fields:
        return parse_deadline(fields["deadline"], today_year=year)
    return find_deadline(text, year=year)


def group_of(node: Node) -> str | None:
    above = node.path()[:-1]
    if not above:
        return None
    title = above[-1]
    return squeeze(f"{title.section}. {title.text}") if title.section else title.text


def _inherited(node: Node) -> tuple[list[str], Node | None]:
    """Units named by the nearest heading above: "2. Giao Phòng Văn hóa - Xã hội", "a) Văn phòng Sở"."""
    for above in reversed(node.path()[:-1]):
        title = above.text.rstrip(" :.;")
        units = read_unit_list(title)
        if units:
            return units, above
        roles: Roles = read_roles(above.text) if is_heading(above) or _speaks(above) else Roles()
        if roles.lead:
            return list(roles.lead), above
        if above.kind == "plain" and (asked := read_asked(above.text)):
            return asked, above
        if kind_of_title(title) in (TASKS, DUTIES) and above.kind in ("roman", "dieu"):
            return [], None
    stem = _stem(node)
    return (read_asked(stem.text), stem) if stem else ([], None)


def _stem(node: Node) -> Node | None:
    """The unnumbered sentence above the first number of a letter: "Sở yêu cầu các đơn vị thực hiện:"."""
    top = node.path()[0]
    beside = top.parent.children if top.parent else []
    before = [one for one in beside[: beside.index(top)] if one.kind == "plain"]
    return before[-1] if before and before[-1].text.rstrip().endswith(":") and top.kind != "roman" else None


def _legal_above(node: Node) -> list[Citation]:
    """Documents that the stem above names for its items ("... theo Thông tư số 42, tập trung vào:")."""
    for above in reversed(node.path()[:-1]):
        if above.text.rstrip().endswith(":"):
            return find_citations(above.text)
    return []


def split_by_time(text: str, year: int | None) -> list[str]:
    """Parts of an item that differ in time: what recurs apart from what is done once, two dates apart.

    Only whole clauses at a semicolon are parted; "thường xuyên" in one clause does not part it.
    """
    clauses = _clauses(text)
    if len(clauses) < 2:
        return [text]
    times = [find_deadline(clause, year=year) for clause in clauses]
    firm = [time for time in times if time.kind in ("recurring", "date", "month", "quarter")]
    recurring = [time for time in firm if time.kind == "recurring"]
    dates = {time.date for time in firm if time.date}
    if not recurring and len(dates) < 2:
        return [text]
    parts: list[str] = []
    held: Deadline | None = None
    for clause, time in zip(clauses, times, strict=True):
        key = time if time.kind in ("recurring", "date", "month", "quarter") else Deadline()
        if parts and held is not None and (same_time(key, held) or not _stands_alone(clause)):
            parts[-1] += " " + clause
        else:
            parts.append(clause)
            held = key
    return parts


def _clauses(text: str) -> list[str]:
    depth, start, out = 0, 0, []
    folded = fold(text)
    for index, char in enumerate(folded):
        depth += (char == "(") - (char == ")")
        if char == ";" and depth <= 0 and folded[:index].count('"') % 2 == 0:
            out.append(text[start : index + 1].strip())
            start = index + 1
    out.append(text[start:].strip())
    return [clause for clause in out if clause.strip(" ;.")]


def _stands_alone(clause: str) -> bool:
    """A report on the work is not another work, however often it is made."""
    return bool(ACTION.match(fold(clause))) and not re.match(
        r"\s*(?:(?:dinh ky|thuong xuyen|hang)\b[^;.]{0,40}?)?\b(?:hoan thanh|bao cao|gui|trinh)\b",
        fold(clause),
    )
