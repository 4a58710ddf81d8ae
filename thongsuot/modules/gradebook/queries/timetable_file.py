"""A timetable in a spreadsheet: what a file would change (nothing is written), and the spreadsheet of a timetable."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from thongsuot.kit.importing.reading import Sheet, read_file
from thongsuot.kit.pages.exporting import safe_text

from ..domain.timetable import Placed, Slot
from ..domain.timetable_clash import Member, member, shared
from ..domain.timetable_edit import with_room
from ..domain.timetable_sheet import SheetCell, match_subject, match_teacher, read_grid
from ..types import BadValue
from .timetable_rules import subject_words
from .timetable_words import day_name, part_name, short_name, slot_name
from .timetables import Board


@dataclass(frozen=True)
class FileFault:
    """A cell that cannot be taken over. place: "C7", as the spreadsheet calls it."""

    sheet: str
    place: str
    text: str
    reason: str


@dataclass(frozen=True)
class FilePlan:
    """What a file says beside what stands: lessons to put down (new or in place of others), how many stand already."""

    lessons: tuple[Placed, ...]
    new: int
    changed: int
    same: int
    faults: tuple[FileFault, ...]
    classes: tuple[str, ...]


def read_timetable_file(board: Board, data: bytes) -> FilePlan:
    """What the file would change. Raises ImportRefused for what is no spreadsheet; BadValue(field="file") when no sheet
    has the names of the school's classes in a row.
    """
    sheets = read_file(data)
    grids = [
        (sheet, grid)
        for sheet in sheets
        if (grid := read_grid(_unmerged(sheet), board.class_names.values(), sheet.name)) is not None
    ]
    if not grids:
        said = _("Không tìm thấy dòng nào ghi tên các lớp của trường (ví dụ: %(names)s).")
        names = ", ".join(list(board.class_names.values())[:4])
        raise BadValue(said % {"names": names}, field="file")
    reading = _Reading(board)
    for sheet, grid in grids:
        reading.faults += [
            FileFault(sheet.name, _("dòng %(row)d") % {"row": row}, "", _("Không rõ thứ hoặc tiết."))
            for row in grid.unread
        ]
        for cell in grid.cells:
            reading.take(sheet.name, cell)
    return reading.plan(tuple(dict.fromkeys(name for _sheet, grid in grids for name in grid.classes)))


def _unmerged(sheet: Sheet) -> list[list[Any]]:
    """Merged cells filled with what their first cell says: a double lesson is often written in one."""
    rows = [list(row) for row in sheet.rows]
    for (top, left), (bottom, right) in sheet.merged:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, right + 1):
                if column < len(rows[row]) and rows[row][column] is None:
                    rows[row][column] = value
    return rows


class _Reading:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.class_ids = {name: pk for pk, name in board.class_names.items()}
        self.short = subject_words().short
        self.weeks = {one.class_id: one for one in board.class_weeks}
        self.asked: list[tuple[str, SheetCell, Placed]] = []
        self.faults: list[FileFault] = []
        self.teachers: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        for one in board.taught:
            if one.staff_id is not None:
                self.teachers[one.class_id][one.subject][one.staff_id] = board.staff_names[one.staff_id]
        self.fixed = {activity.name: activity for activity in board.rules.fixed}

    def take(self, sheet: str, cell: SheetCell) -> None:
        class_id = self.class_ids[cell.class_name]
        by_subject = self.teachers[class_id]
        subject = match_subject(cell.subject, [*by_subject, *self.fixed], self.short)
        if subject is None:
            said = _("Lớp %(name)s không có môn “%(said)s” trong phân công giảng dạy.")
            self._fault(sheet, cell, said % {"name": cell.class_name, "said": cell.subject})
            return
        if cell.slot not in self.board.problem.class_slots(class_id):
            said = _("Lớp %(name)s không học vào %(slot)s.")
            self._fault(sheet, cell, said % {"name": cell.class_name, "slot": slot_name(cell.slot)})
            return
        if subject in self.fixed and subject not in by_subject:
            with_teacher = self.fixed[subject].teacher == "homeroom"
            staff_id = self.weeks[class_id].homeroom_id if with_teacher else None
        else:
            staff_id = match_teacher(cell.teacher, by_subject[subject])
            if staff_id is None:
                names = ", ".join(by_subject[subject].values())
                said = _("Không rõ giáo viên “%(said)s” dạy %(subject)s; phân công: %(names)s.")
                self._fault(sheet, cell, said % {"said": cell.teacher, "subject": subject, "names": names})
                return
        self.asked.append((sheet, cell, Placed(class_id, subject, staff_id, cell.slot)))

    def plan(self, classes: tuple[str, ...]) -> FilePlan:
        """Lessons held together come in together, or not at all; one that is named brings the others along."""
        spoken = {(one.class_id, one.slot) for _sheet, _cell, one in self.asked}
        stays = [one for one in self.board.placed if (one.class_id, one.slot) not in spoken]
        at: dict[Slot, list[Placed]] = defaultdict(list)
        for one in stays:
            at[one.slot].append(one)
        room_left = self._room_left(stays)
        lessons: list[Placed] = []
        taken: set[tuple[Slot, Member]] = {(one.slot, member(one)) for one in stays}
        for sheet, cell, bare in self.asked:
            if (bare.slot, member(bare)) in taken:
                continue
            mates = [Placed(*one, bare.slot) for one in self.board.arrangement.mates(bare)]
            here: list[Placed] = []
            reason = ""
            for mate in sorted(mates, key=lambda one: member(one) != member(bare)):
                lesson = with_room(self.board.problem, [*at[bare.slot], *here], mate)
                reason = reason or self._against(lesson, at, here, room_left)
                here.append(lesson)
            if reason:
                self._fault(sheet, cell, reason)
                continue
            for lesson in here:
                room_left[lesson.class_id, lesson.subject, lesson.staff_id] -= 1
                at[lesson.slot].append(lesson)
                taken.add((lesson.slot, member(lesson)))
            lessons += here
        kinds = Counter(self._kind(one) for one in lessons)
        return FilePlan(
            tuple(lessons), kinds["new"], kinds["changed"], kinds["same"], tuple(self.faults), classes
        )

    def _kind(self, lesson: Placed) -> str:
        holders = self.board.all_at(lesson.class_id, lesson.slot)
        if any(member(one) == member(lesson) for one in holders):
            return "same"
        return "changed" if holders else "new"

    def _room_left(self, stays: list[Placed]) -> Counter[tuple[int, str, int | None]]:
        """How many lessons of each assignment may still be put down."""
        found: Counter[tuple[int, str, int | None]] = Counter()
        term = self.board.timetable.term
        for one in self.board.taught:
            found[one.class_id, one.subject, one.staff_id] += self.board.rules.whole(one.lessons, term)
        for of in self.board.class_weeks:
            for activity in self.board.rules.fixed:
                staff_id = of.homeroom_id if activity.teacher == "homeroom" else None
                found[of.class_id, activity.name, staff_id] += 1
        found.subtract((lesson.class_id, lesson.subject, lesson.staff_id) for lesson in stays)
        return found

    def _against(
        self,
        lesson: Placed,
        at: Mapping[Slot, list[Placed]],
        here: list[Placed],
        room_left: Counter[tuple[int, str, int | None]],
    ) -> str:
        """Why a lesson cannot be put down beside those of its block (`here`) and all others (`at`)."""
        arrangement = self.board.arrangement
        for other in (*at.get(lesson.slot, ()), *here):
            for kind in shared(other, lesson, arrangement):
                return self._clash_words(kind, other, lesson)
        for slot, some in at.items():
            for other in some if slot[:2] == lesson.slot[:2] else ():
                if slot != lesson.slot and arrangement.too_near(other, lesson):
                    return self._clash_words("travel", other, lesson)
        if room_left[lesson.class_id, lesson.subject, lesson.staff_id] <= 0:
            return _("Quá số tiết %(subject)s được phân công cho lớp %(name)s.") % {
                "subject": lesson.subject,
                "name": self.board.class_names[lesson.class_id],
            }
        return ""

    def _clash_words(self, kind: str, other: Placed, lesson: Placed) -> str:
        names = self.board.class_names
        said = {
            "class": _("Lớp %(name)s đã có %(other)s vào giờ này."),
            "teacher": _("%(teacher)s dạy hai lớp cùng giờ: %(other_class)s và %(name)s."),
            "room": _("Phòng %(room)s đã có lớp %(other_class)s vào giờ này."),
            "travel": _("%(teacher)s không kịp sang điểm trường khác (lớp %(other_class)s và %(name)s)."),
        }[kind]
        return said % {
            "name": names[lesson.class_id],
            "other": other.subject,
            "other_class": names.get(other.class_id, ""),
            "teacher": self.board.staff_names.get(lesson.staff_id or 0, ""),
            "room": self.board.room_names.get(lesson.room_id or 0, ""),
        }

    def _fault(self, sheet: str, cell: SheetCell, reason: str) -> None:
        text = f"{cell.subject} - {cell.teacher}" if cell.teacher else cell.subject
        place = f"{xlsxwriter.utility.xl_col_to_name(cell.column - 1)}{cell.row}"
        self.faults.append(FileFault(sheet, place, text, reason))


# -- the spreadsheet of a timetable -----------------------------------------------------------------


def timetable_workbook(board: Board) -> IO[bytes]:
    """Two sheets: classes as columns (what read_timetable_file takes in again), and teachers as columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#E2EEF7"}),
        "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "font_size": 9}),
    }
    title = f"{board.timetable.unit.name}: {board.timetable}"
    by_class: dict[tuple[int | None, Slot], str] = {}
    for one in board.placed:
        words = _cell(one.subject, board.staff_names.get(one.staff_id or 0, ""))
        _beside(by_class, (one.class_id, one.slot), words)
    _sheet(book, _("Theo lớp"), title, board, formats, list(board.class_names.items()), by_class)
    busy = {one.staff_id for one in board.placed if one.staff_id is not None}
    people = sorted(
        ((pk, name) for pk, name in board.staff_names.items() if pk in busy),
        key=lambda item: item[1].split()[::-1],
    )
    by_staff: dict[tuple[int | None, Slot], str] = {}
    for one in board.placed:
        if one.staff_id is not None:
            words = f"{one.subject} - {board.class_names[one.class_id]}"
            _beside(by_staff, (one.staff_id, one.slot), words)
    _sheet(book, _("Theo giáo viên"), title, board, formats, people, by_staff)
    book.close()
    out.seek(0)
    return out


def _beside(cells: dict[tuple[int | None, Slot], str], key: tuple[int | None, Slot], words: str) -> None:
    """Groups of a class, and classes that sit together, share a cell."""
    cells[key] = f"{cells[key]} / {words}" if key in cells else words


def _cell(subject: str, teacher: str) -> str:
    return f"{subject} - {short_name(teacher)}" if teacher else subject


def _sheet(
    book: Any,
    name: str,
    title: str,
    board: Board,
    formats: dict[str, Any],
    columns: list[tuple[int, str]],
    lessons: Mapping[tuple[int | None, Slot], str],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, safe_text(title), formats["title"])
    for place, head in enumerate((_("Thứ"), _("Buổi"), _("Tiết"), *(name for _pk, name in columns))):
        sheet.write_string(2, place, safe_text(head), formats["head"])
    for row, slot in enumerate(board.week.slots(), start=3):
        sheet.write_string(row, 0, day_name(slot.day), formats["head"])
        sheet.write_string(row, 1, part_name(slot.part).capitalize(), formats["head"])
        sheet.write_number(row, 2, slot.lesson, formats["head"])
        for place, (pk, _name) in enumerate(columns, start=3):
            sheet.write_string(row, place, safe_text(lessons.get((pk, slot), "")), formats["cell"])
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 2, 6)
    sheet.set_column(3, 2 + max(1, len(columns)), 18)
    sheet.freeze_panes(3, 3)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
