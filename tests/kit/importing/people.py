"""An importer of accounts, for the tests of the room; and sheets as schools send them."""

import io
from datetime import datetime

import xlsxwriter
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from thongsuot.kit.accounts.types import Refused
from thongsuot.kit.importing.columns import Ambiguous, Boolean, Code, Date, Integer, Reference, Text
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.types import Found, RowError, RowState

User = get_user_model()
KIND = "tests.people"


def leaders(texts, actor):
    found = {}
    for user in User.objects.filter(full_name__in=texts):
        found[user.full_name] = Ambiguous(["a", "b"]) if user.full_name in found else user.pk
    return found


class PeopleImporter(Importer):
    kind = KIND
    title = "Người thử"
    right = "people.write"
    key = ("username",)
    columns = (
        Code("username", "Mã", aliases=("mã định danh", "mã số"), required=True, width=5),
        Text("full_name", "Họ và tên", aliases=("họ tên",), required=True, max_length=60),
        Code("phone", "Điện thoại", aliases=("số điện thoại", "sđt"), width=10, clears=True),
        Date("born", "Ngày sinh"),
        Boolean("is_active", "Đang dùng"),
        Integer("age", "Tuổi", least=1, most=120),
        Reference("leader", "Người phụ trách", resolver=leaders),
    )
    fields = ("full_name", "phone", "is_active")

    def _found(self, user):
        return {"username": user.username, **{name: getattr(user, name) for name in self.fields}}

    def existing(self, keys, actor):
        users = User.objects.filter(username__in=[key[0] for key in keys])
        return {(user.username,): Found(user.pk, self._found(user)) for user in users}

    def check_rows(self, plans, actor):
        for plan in plans:
            if plan.values.get("age", 99) < 6:
                yield plan.number, RowError("age", "Tuổi", str(plan.values["age"]), "Chưa đến tuổi đi học.")

    def apply(self, plans, by):
        ids = {}
        for plan in plans:
            if plan.values.get("full_name", "").startswith("Hỏng"):
                raise Refused("Tên này bị từ chối.")
            data = {name: plan.values[name] for name in self.fields if name in plan.values}
            data = {name: "" if value is None else value for name, value in data.items()}
            if plan.state == RowState.NEW:
                ids[plan.number] = User.objects.create(username=plan.values["username"], **data).pk
            else:
                User.objects.filter(pk=plan.target_id).update(**data)
                ids[plan.number] = plan.target_id
        return ids

    def present(self, ids, actor):
        return {user.pk: self._found(user) for user in User.objects.filter(pk__in=ids)}

    def remove(self, ids, by):
        # What others point to cannot be deleted: an account is closed and its name set free.
        User.objects.filter(pk__in=ids).update(
            is_active=False, username=Concat(Value("-"), Cast("public_id", TextField()))
        )


def xlsx(rows, *, merged=(), formats=None, name="Danh sách", more=()):
    """Bytes of a workbook; rows begin at A1. merged: "A1:B1" ranges with the text of their first cell."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    # The same rows are the same bytes, whenever they are made.
    book.set_properties({"created": datetime(2026, 9, 5)})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, lines in [(name, rows), *more]:
        sheet = book.add_worksheet(title)
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if hasattr(cell, "year"):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
        if title == name:
            for place, text in merged:
                sheet.merge_range(place, text)
    book.close()
    return made.getvalue()


def upload(data, name="danh-sach.xlsx"):
    return SimpleUploadedFile(name, data)
