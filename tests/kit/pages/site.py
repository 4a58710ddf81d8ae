"""A small site of generic pages over accounts, for the tests of the kit."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.urls import include, path

from thongsuot.config.urls import urlpatterns as house
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.filters import DateFromToFilter, FilterSet, YesNoFilter
from thongsuot.kit.pages.tables import BooleanColumn, Column, DateColumn, Table
from thongsuot.kit.pages.views import (
    BulkAction,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    ListPage,
    PageLink,
    page_urls,
)

User = get_user_model()


class PersonTable(Table):
    username = Column(verbose_name="tài khoản")
    full_name = Column(verbose_name="họ tên")
    phone = Column()
    email = Column(orderable=False)
    is_active = BooleanColumn()
    created_at = DateColumn()
    caption = "Danh sách người"
    hidden = ("email",)


class PersonFilter(FilterSet):
    is_active = YesNoFilter(label="đang dùng")
    created_at = DateFromToFilter(label="tạo lúc")
    kind = django_filters.ChoiceFilter(
        field_name="phone", label="loại", choices=[("1", "Máy bàn"), ("2", "Di động")]
    )


def people(actor):
    return User.objects.filter(username__startswith="p-").order_by("username")


def switch_off(*, by, rows):
    if not by.can("people.close"):
        raise NotAllowed("không")
    if any(row.username == "p-0" for row in rows):
        raise Refused("p-0 phải ở lại.")
    return f"Đã khóa {rows.update(is_active=False)} tài khoản."


class PersonList(ListPage):
    title = "Người"
    right = "people.read"
    table_class = PersonTable
    filterset_class = PersonFilter
    search_fields = ("full_name", "username")
    detail_url = "people:person-detail"
    create_url = "people:person-create"
    create_right = "people.write"
    empty_title = "Chưa có người nào"
    bulk_actions = (BulkAction("close", "Khóa", switch_off, right="people.close", confirm="Khóa thật?"),)
    count_cap = 200

    def query(self, actor):
        return people(actor)


class PersonDetail(DetailPage):
    right = "people.read"
    has_history = True
    edit_url, edit_right = "people:person-edit", "people.write"
    delete_url, delete_right = "people:person-delete", "people.write"

    def query(self, actor):
        return people(actor)

    def fields(self, thing):
        return [("Tài khoản", thing.username), ("Điện thoại", thing.phone)]

    def links(self, thing):
        return [PageLink("Gửi thư", "#", "mail", post=True, confirm="Gửi?")]


class PersonForm(forms.Form):
    full_name = forms.CharField(label="Họ tên")
    phone = forms.CharField(label="Điện thoại", required=False)


def write(by, person, full_name, phone):
    by.require("people.write")
    person.full_name, person.phone = full_name, phone
    person.save()
    if phone == "113":
        raise Refused("Số này của công an.", field="phone")
    if phone == "114":
        raise Refused("Số này của cứu hỏa.")
    if phone == "115":
        raise NotAllowed("không")
    return person


class PersonEdit(EditPage):
    right = "people.read"
    form_class = PersonForm
    success_url = "people:person-detail"

    def query(self, actor):
        return people(actor)

    def initial(self, thing):
        return {"full_name": thing.full_name, "phone": thing.phone}

    def act(self, by, thing, data):
        return write(by, thing, **data)


class PersonCreate(CreatePage):
    title = "Thêm người"
    right = "people.write"
    form_class = PersonForm
    success_url = "people:person-detail"

    def act(self, by, thing, data):
        return write(by, User(username="p-new"), **data)


class PersonDelete(DeletePage):
    right = "people.write"
    success_url = "people:person-list"

    def query(self, actor):
        return people(actor)

    def act(self, by, thing):
        if thing.phone == "113":
            raise Refused("Không xóa được.")
        thing.delete()


urls = page_urls(
    "person",
    "nguoi/",
    list=PersonList,
    create=PersonCreate,
    detail=PersonDetail,
    edit=PersonEdit,
    delete=PersonDelete,
)
urlpatterns = [path("thu/", include((urls, "people"))), *house]
