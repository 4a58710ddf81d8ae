from django.urls import path

from thongsuot.kit.pages.views import page_urls

from . import (
    classes,
    exchange_urls,
    facilities,
    family,
    family_codes,
    grid,
    identity_urls,
    reports,
    search,
    staff,
    student_rights,
    student_steps,
    students,
)

app_name = "registry"
STUDENT = "hoc-sinh/<uuid:public_id>/"
PERSON = "can-bo/<uuid:public_id>/"
THING = "co-so-vat-chat/<slug:kind>/"
urlpatterns = [
    path("tim/", search.SearchPage.as_view(), name="search"),
    *page_urls(
        "student",
        "hoc-sinh/",
        key="uuid:public_id",
        list=students.StudentList,
        create=students.StudentCreate,
        detail=students.StudentDetail,
        edit=students.StudentEdit,
    ),
    path(f"{STUDENT}xep-lop/", student_steps.Enrol.as_view(), name="student-enrol"),
    path(f"{STUDENT}qua-trinh/<int:spell>/huy/", student_steps.Withdraw.as_view(), name="spell-withdraw"),
    path(f"{STUDENT}gia-dinh/them/", student_steps.ContactAdd.as_view(), name="contact-add"),
    path(f"{STUDENT}gia-dinh/<int:contact>/", student_steps.ContactEdit.as_view(), name="contact-edit"),
    path(
        f"{STUDENT}gia-dinh/<int:contact>/xoa/", student_steps.ContactRemove.as_view(), name="contact-remove"
    ),
    path(f"{STUDENT}so-dinh-danh/", student_rights.PersonalId.as_view(), name="student-personal-id"),
    path(f"{STUDENT}tai-khoan/noi/", student_rights.AccountLink.as_view(), name="account-link"),
    path(f"{STUDENT}tai-khoan/ma/", family_codes.CodeHandOut.as_view(), name="family-code"),
    path(f"{STUDENT}tai-khoan/ma/huy/", family_codes.CodeWithdraw.as_view(), name="family-code-withdraw"),
    path(
        f"{STUDENT}gia-dinh/<int:contact>/tai-khoan/ma/",
        family_codes.CodeHandOut.as_view(),
        name="contact-family-code",
    ),
    path(
        f"{STUDENT}gia-dinh/<int:contact>/tai-khoan/ma/huy/",
        family_codes.CodeWithdraw.as_view(),
        name="contact-family-code-withdraw",
    ),
    path(f"{STUDENT}tai-khoan/go/", student_rights.AccountUnlink.as_view(), name="account-unlink"),
    path(
        f"{STUDENT}gia-dinh/<int:contact>/tai-khoan/noi/",
        student_rights.AccountLink.as_view(),
        name="contact-account-link",
    ),
    path(
        f"{STUDENT}gia-dinh/<int:contact>/tai-khoan/go/",
        student_rights.AccountUnlink.as_view(),
        name="contact-account-unlink",
    ),
    path(f"{STUDENT}dac-diem/them/", student_steps.CharacteristicAdd.as_view(), name="characteristic-add"),
    path(
        f"{STUDENT}dac-diem/<int:characteristic>/ket-thuc/",
        student_steps.CharacteristicClose.as_view(),
        name="characteristic-close",
    ),
    *page_urls(
        "class",
        "lop/",
        list=classes.ClassList,
        create=classes.ClassCreate,
        detail=classes.ClassDetail,
        edit=classes.ClassEdit,
    ),
    path("lop/<int:pk>/dong/", classes.ClassClose.as_view(), name="class-close"),
    path("lop/<int:pk>/bang/", grid.ClassGrid.as_view(), name="class-grid"),
    *page_urls(
        "staff",
        "can-bo/",
        key="uuid:public_id",
        list=staff.StaffList,
        create=staff.StaffCreate,
        detail=staff.StaffDetail,
        edit=staff.StaffEdit,
    ),
    path(f"{PERSON}vi-tri/nhan/", staff.PostBegin.as_view(), name="post-begin"),
    path(f"{PERSON}vi-tri/thay-doi/", staff.PostChange.as_view(), name="post-change"),
    path(f"{PERSON}giang-day/them/", staff.TeachingAdd.as_view(), name="teaching-add"),
    path(f"{PERSON}giang-day/<int:assignment>/ket-thuc/", staff.TeachingEnd.as_view(), name="teaching-end"),
    path("phong/", facilities.RoomList.as_view(), name="room-list"),
    path("dat/", facilities.LandList.as_view(), name="land-list"),
    path("thiet-bi/", facilities.EquipmentList.as_view(), name="equipment-list"),
    path("duong-truyen/", facilities.LineList.as_view(), name="line-list"),
    path(f"{THING}them/", facilities.ThingCreate.as_view(), name="thing-create"),
    path(f"{THING}<int:pk>/", facilities.ThingDetail.as_view(), name="thing-detail"),
    path(f"{THING}<int:pk>/sua/", facilities.ThingEdit.as_view(), name="thing-edit"),
    path(f"{THING}<int:pk>/thoi-dung/", facilities.ThingRetire.as_view(), name="thing-retire"),
    *page_urls("report", "de-nghi-sua/", list=reports.ReportList, edit=reports.ReportAnswer),
    path("cua-toi/", family.ChildrenPage.as_view(), name="children"),
    path("cua-toi/lan-dau/", family_codes.FirstVisit.as_view(), name="family-first-visit"),
    path("cua-toi/nhap-ma/", family_codes.CodeEnter.as_view(), name="family-code-enter"),
    path("cua-toi/<uuid:public_id>/", family.ChildPage.as_view(), name="child"),
    path("cua-toi/<uuid:public_id>/bao-sai/", family.ReportError.as_view(), name="child-report"),
    *identity_urls.urlpatterns,
    *exchange_urls.urlpatterns,
]
