"""Addresses of timetables, all under /thoi-khoa-bieu/."""

from django.urls import path

from . import (
    timetable_acts,
    timetable_board,
    timetable_lists,
    timetable_own,
    timetable_publishing,
    timetable_rules,
)

app_name = "timetable"

ONE = "<uuid:public_id>/"

urlpatterns = [
    path("", timetable_lists.TimetableList.as_view(), name="list"),
    path("lap/", timetable_lists.TimetableCreate.as_view(), name="create"),
    path("cua-toi/", timetable_own.OwnPage.as_view(), name="own"),
    path("cua-toi/lich.ics", timetable_own.OwnCalendar.as_view(), name="own-calendar"),
    path("rang-buoc/<int:unit_id>/<int:year_id>/", timetable_rules.RulesPage.as_view(), name="rules"),
    path(ONE, timetable_board.BoardPage.as_view(), name="detail"),
    path(f"{ONE}tiet/<int:class_id>/", timetable_board.SlotsPanel.as_view(), name="slots"),
    path(f"{ONE}lam/<slug:act>/", timetable_acts.TimetableAct.as_view(), name="act"),
    path(f"{ONE}ban-hanh/", timetable_publishing.PublicationPage.as_view(), name="publication"),
    path(f"{ONE}sua/", timetable_lists.TimetableEdit.as_view(), name="edit"),
    path(f"{ONE}nhap/", timetable_acts.ImportPage.as_view(), name="import"),
    path(f"{ONE}bang-tinh/", timetable_board.Workbook.as_view(), name="workbook"),
]
