"""Words of data quality, and the book in which other modules write their rules.

The six words and the eight groups are those of the national data centre's guidance (Công văn 4856/BCA-TTDLQG of
14/9/2026, Phụ lục 3, as far as it is known: see docs/adr). A module declares its data sets and rules in `checks.py` and
writes them into the book in `apps.ready()`; quality itself knows no pupil and no class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, Refused

if TYPE_CHECKING:
    from datetime import date

    import polars


class Word(TextChoices):
    """Criterion of a field."""

    ACCURATE = "accurate", _("Đúng")
    COMPLETE = "complete", _("Đủ")
    CLEAN = "clean", _("Sạch")
    LIVE = "live", _("Sống")
    CONSISTENT = "consistent", _("Thống nhất")
    SHARED = "shared", _("Dùng chung")


class ErrorGroup(TextChoices):
    MISSING = "missing", _("Thiếu giá trị bắt buộc")
    OUT_OF_RANGE = "out_of_range", _("Ngoài khoảng, bất thường")
    DUPLICATE = "duplicate", _("Trùng lặp")
    FORMAT = "format", _("Sai định dạng, không theo chuẩn")
    REFERENCE = "reference", _("Tham chiếu hỏng")
    CONTRADICTION = "contradiction", _("Mâu thuẫn giữa các trường")
    STALE = "stale", _("Cũ, không cập nhật")
    MISMATCH = "mismatch", _("Lệch với nguồn gốc quốc gia")


class Severity(TextChoices):
    ERROR = "error", _("Lỗi")
    WARNING = "warning", _("Cảnh báo")


class Colour(TextChoices):
    GREEN = "green", _("Xanh")
    YELLOW = "yellow", _("Vàng")
    RED = "red", _("Đỏ")


class CaseState(TextChoices):
    OPEN = "open", _("Chờ xử lý")
    IN_HAND = "in_hand", _("Đang xử lý")
    # Set by a person; stays so until the next check finds the datum right, or puts it back.
    CLAIMED_MENDED = "claimed_mended", _("Báo đã sửa, chờ kiểm tra lại")
    MENDED = "mended", _("Đã sửa")
    EXPLAINED = "explained", _("Đã giải trình")
    GONE = "gone", _("Không còn đối tượng")


class CaseVerb(TextChoices):
    """What happened to a case."""

    FOUND = "found", _("Phát hiện")
    REOPENED = "reopened", _("Lỗi tái diễn, mở lại")
    TAKEN = "taken", _("Nhận xử lý")
    ASSIGNED = "assigned", _("Giao người xử lý")
    CHANGED = "changed", _("Sửa dữ liệu, chưa đúng")
    CLAIMED = "claimed", _("Báo đã sửa")
    PUT_BACK = "put_back", _("Kiểm tra lại: chưa đúng")
    MENDED = "mended", _("Dữ liệu đã đúng, đóng lỗi")
    EXPLAINED = "explained", _("Giải trình")
    GONE = "gone", _("Đối tượng không còn, đóng lỗi")
    RULE_OFF = "rule_off", _("Quy tắc không còn áp dụng, đóng lỗi")
    MOVED = "moved", _("Hồ sơ chuyển sang đơn vị khác")


OPEN_STATES = frozenset({CaseState.OPEN.value, CaseState.IN_HAND.value, CaseState.CLAIMED_MENDED.value})


@dataclass(frozen=True)
class Rule:
    """One check. `fails` gives a Polars expression over the data set's frame: true where a row breaks the rule, null
    or false where it does not; `applies` (default: all rows) tells which rows are assessed at all.

    code: stable, "student.personal_id.format". weight: share in the criterion (Decimal, > 0). sla_days: working days
    for the case (5, 10 or 15). source: legal source, in the words a user can look up. identifier: of a key field, which
    must reach 100%. explainable: a warning that a person may close by explaining.
    """

    code: str
    dataset: str
    field: str
    title: Any
    group: ErrorGroup
    word: Word
    severity: Severity
    message: Any
    repair: Any
    source: str
    fails: Callable[[Parameters], polars.Expr]
    applies: Callable[[Parameters], polars.Expr] | None = None
    weight: Decimal = Decimal(1)
    sla_days: int = 10
    identifier: bool = False
    confidence: str = "I"
    # Numbers of the regulation that a user may correct, {"oldest": 3}, and what each is called on the page.
    parameters: Mapping[str, int] = dataclasses.field(default_factory=dict)
    labels: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def explainable(self) -> bool:
        return self.severity == Severity.WARNING


@dataclass(frozen=True)
class Parameters:
    """What a rule may depend on: the day of the check, numbers that a user can correct, code lists by name."""

    today: date
    numbers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    codes: Mapping[str, Collection[str]] = dataclasses.field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.numbers[name]


class MendWrite(Protocol):
    """Set one field of one object right. An action of the module that owns the object: it checks the right and the
    value, and raises NotAllowed or another Refused."""

    def __call__(self, *, by: Actor, object_id: int, value: Any) -> Any: ...


@dataclass(frozen=True)
class MendField:
    """A simple datum that is set right on the page of the case itself ("sửa tại chỗ").

    kind: "text", "date" or "choice". read(actor, id): what stands there now, as far as the actor may read it; None
    when there is nothing. choices: [(code, name)] of a "choice". may_be_empty: a text that may be taken away.
    """

    kind: str
    read: Callable[[Actor, int], Any]
    write: MendWrite
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    help_text: Any = ""
    may_be_empty: bool = False


@dataclass(frozen=True)
class Dataset:
    """Rows of one kind of object. `load(unit_ids, today)` gives a Polars frame with at least the columns `id`
    (bigint), `unit_id` (bigint) and every column that its rules name; unit_ids None: the whole province. What a rule
    asks of other units (how often a number occurs in the province) is a column too, and does not depend on unit_ids.

    labels_of(ids) -> {id: what people read}, of what the transaction may read; url_of(id, field) -> address where the
    datum is mended, "" where there is none. find(words) -> subquery of the ids whose label has these words.
    mend: field -> how it is mended in place. evidence_of(actor, id, field) -> what exactly is wrong, in sentences, as it stands now:
    for rules that speak of a thing with many parts (a book of marks). Nothing of it is kept.
    """

    code: str
    name: Any
    load: Callable[[Collection[int] | None, date], polars.DataFrame]
    labels_of: Callable[[Collection[int]], Mapping[int, str]]
    url_of: Callable[[int, str], str]
    # Field -> label, in the order in which they are shown.
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    # Weight of a field in the index of the data set.
    weights: Mapping[str, Decimal] = dataclasses.field(default_factory=dict)
    codes: Callable[[], Mapping[str, Collection[str]]] = dict
    find: Callable[[str], Any] | None = None
    mend: Mapping[str, MendField] = dataclasses.field(default_factory=dict)
    evidence_of: Callable[[Actor, int, str], Sequence[str]] | None = None


class RuleBook:
    """All data sets and rules of the program, in the order in which they were written."""

    def __init__(self) -> None:
        self.datasets: dict[str, Dataset] = {}
        self.rules: dict[str, Rule] = {}

    def add(self, dataset: Dataset, rules: Collection[Rule]) -> None:
        """Write a data set with its rules. Raises ValueError for a code that is taken or a rule of another set."""
        if dataset.code in self.datasets:
            raise ValueError(f"data set {dataset.code} is there already")
        for rule in rules:
            if rule.dataset != dataset.code or rule.code in self.rules or rule.field not in dataset.fields:
                raise ValueError(f"rule {rule.code} does not fit into the book")
            if set(rule.parameters) != set(rule.labels) or rule.weight <= 0:
                raise ValueError(f"rule {rule.code}: a weight above 0, and a label for each parameter")
        self.datasets[dataset.code] = dataset
        self.rules.update({rule.code: rule for rule in rules})

    def rules_of(self, dataset: str) -> list[Rule]:
        return [rule for rule in self.rules.values() if rule.dataset == dataset]


BOOK = RuleBook()


class CaseNotMended(Refused):
    """A case of an error closes only when the datum is right."""

    code = "case_not_mended"


class CaseClosed(Refused):
    """The case is not open: somebody else, or the check, was quicker."""

    code = "case_closed"


class NotExplainable(Refused):
    """Only a warning may be explained; an error has to be mended."""

    code = "not_explainable"


class WrongParameter(Refused):
    """A number, weight or date that a rule cannot work with."""

    code = "wrong_parameter"
