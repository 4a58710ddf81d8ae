"""Addresses of the module, all under /so-diem/."""

from django.urls import path

from thongsuot.kit.pages.views import page_urls

from . import (
    attendance,
    beside_marks,
    classes,
    columns,
    conduct,
    exchange,
    family,
    judging,
    lists,
    marks,
    progress,
    progress_acts,
    publishing,
    results,
    rules,
    summer,
    traits,
    unlocks,
)

app_name = "gradebook"

BOOK = "<int:pk>/<int:term>/"
CLASS = "lop/<int:pk>/"

urlpatterns = [
    path("", lists.BookList.as_view(), name="book-list"),
    path("mo/", lists.GoToBook.as_view(), name="go"),
    *page_urls(
        "phrase",
        "nhan-xet/",
        list=lists.PhraseList,
        create=lists.PhraseCreate,
        edit=lists.PhraseEdit,
        delete=lists.PhraseDelete,
    ),
    path(BOOK, marks.MarksPage.as_view(), name="marks"),
    path(f"{BOOK}luu/", marks.MarksSave.as_view(), name="marks-save"),
    path(f"{BOOK}hien-tai/", marks.MarksNow.as_view(), name="marks-now"),
    path(f"{BOOK}lich-su/", beside_marks.CellHistory.as_view(), name="cell-history"),
    path(f"{BOOK}nhan-xet/", beside_marks.Phrases.as_view(), name="phrases"),
    path(f"{BOOK}mo-khoa/", unlocks.AskUnlock.as_view(), name="ask-unlock"),
    path(f"{BOOK}tep/", exchange.MarksFile.as_view(), name="marks-file"),
    path(f"{BOOK}so-theo-doi/", exchange.MarksPdf.as_view(), name="marks-pdf"),
    path(f"{BOOK}nhap/", exchange.MarksImport.as_view(), name="marks-import"),
    path("lop/", classes.MyClass.as_view(), name="classes"),
    path(f"{CLASS}ket-qua/", results.ClassResults.as_view(), name="class-results"),
    path(f"{CLASS}ket-qua/<slug:kind>.<slug:ending>", results.ClassSheet.as_view(), name="class-sheet"),
    path(f"{CLASS}phieu/", results.ClassReports.as_view(), name="class-reports"),
    path(f"{CLASS}phieu/<uuid:public_id>/", results.PupilReport.as_view(), name="pupil-report"),
    path(f"{CLASS}phieu/<uuid:public_id>/lich-su/", results.ResultHistory.as_view(), name="result-history"),
    path(f"{CLASS}nhan-xet/", classes.ClassPhrases.as_view(), name="class-phrases"),
    path(f"{CLASS}ren-luyen/<int:term>/", conduct.ConductPage.as_view(), name="conduct"),
    path(f"{CLASS}ren-luyen/<int:term>/luu/", conduct.ConductSave.as_view(), name="conduct-save"),
    path(f"{CLASS}ren-luyen/<int:term>/hien-tai/", conduct.ConductNow.as_view(), name="conduct-now"),
    path(f"{CLASS}ren-luyen/<int:term>/lich-su/", classes.KeptHistory.as_view(), name="conduct-history"),
    path(f"{CLASS}pham-chat/<slug:moment>/", traits.TraitsPage.as_view(), name="traits"),
    path(f"{CLASS}pham-chat/<slug:moment>/luu/", traits.TraitsSave.as_view(), name="traits-save"),
    path(f"{CLASS}pham-chat/<slug:moment>/hien-tai/", traits.TraitsNow.as_view(), name="traits-now"),
    path(f"{CLASS}pham-chat/<slug:moment>/lich-su/", classes.KeptHistory.as_view(), name="traits-history"),
    path(f"{CLASS}cuoi-nam/", judging.JudgingPage.as_view(), name="judging"),
    path(f"{CLASS}cuoi-nam/luu/", judging.JudgingSave.as_view(), name="judging-save"),
    path(f"{CLASS}cuoi-nam/hien-tai/", judging.JudgingNow.as_view(), name="judging-now"),
    path(f"{CLASS}cuoi-nam/lich-su/", judging.JudgingHistory.as_view(), name="judging-history"),
    path("diem-danh/", attendance.AttendancePage.as_view(), name="attendance"),
    path("diem-danh/luu/", attendance.AttendanceSave.as_view(), name="attendance-save"),
    path("tien-do/", progress.ProgressPage.as_view(), name="progress"),
    path("tien-do/lam/", progress_acts.ProgressAct.as_view(), name="progress-act"),
    path("mo-khoa/", unlocks.UnlockList.as_view(), name="unlock-list"),
    path("so-cot/", columns.ColumnsPage.as_view(), name="columns"),
    path("danh-gia-lai/", summer.SummerPage.as_view(), name="summer"),
    path("vao-ho-so/", publishing.PublishingPage.as_view(), name="publishing"),
    path("quy-dinh/", rules.RulesPage.as_view(), name="rules"),
    path("go-nhanh/", beside_marks.QuickTyping.as_view(), name="quick-typing"),
    path("cua-con/", family.OwnResults.as_view(), name="own-results"),
    path("cua-con/<uuid:public_id>/", family.OwnYear.as_view(), name="own-year"),
    path("cua-con/<uuid:public_id>/phieu/", family.OwnReport.as_view(), name="own-report"),
]
