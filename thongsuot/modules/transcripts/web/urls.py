"""Addresses of the module, all under /hoc-ba/."""

from django.urls import path

from . import (
    board,
    deadlines,
    department,
    family,
    mine,
    moving,
    objections,
    one,
    parts,
    public,
    pupil,
    school,
    signing,
)

app_name = "transcripts"

ONE = "ban/<uuid:uuid>/"
PUPIL = "hoc-sinh/<uuid:public_id>/"

urlpatterns = [
    path("", school.ClassBoard.as_view(), name="class-list"),
    path("lap/", school.BuildPage.as_view(), name="build"),
    path("tai-ca-truong/", school.ArchivePage.as_view(), name="archive"),
    path("gui/", school.SendPage.as_view(), name="send"),
    path("lop/<int:pk>/", school.ClassPage.as_view(), name="class"),
    path("lop/<int:pk>/bo-sung/", school.SupplementPage.as_view(), name="supplement"),
    path("viec-cua-toi/", mine.Mine.as_view(), name="mine"),
    path("ky-mon/", parts.PartPage.as_view(), name="sign-parts"),
    path("tu-choi/", objections.ObjectionList.as_view(), name="objection-list"),
    path("tu-choi/<uuid:public_id>/", objections.ObjectionPage.as_view(), name="objection"),
    path("tu-choi/hoc-ba/<uuid:uuid>/<slug:role>/", objections.RefusePage.as_view(), name="refuse"),
    path("ky/<slug:role>/", signing.SignPage.as_view(), name="sign"),
    path("lan-ky/<uuid:public_id>/", signing.SessionPage.as_view(), name="session"),
    path(ONE, one.TranscriptPage.as_view(), name="detail"),
    path(f"{ONE}tep/<slug:kind>/", one.TranscriptFile.as_view(), name="file"),
    path(f"{ONE}thu-hoi/", one.RecallPage.as_view(), name="recall"),
    path(f"{ONE}bo/", one.DiscardPage.as_view(), name="discard"),
    path(f"{ONE}ban-giay/", moving.PaperCopyPage.as_view(), name="paper-copy"),
    path(f"{ONE}ban-giay/<uuid:public_id>/", moving.PaperFile.as_view(), name="paper-file"),
    path("lop/<int:pk>/chuyen-di/<int:student_id>/", moving.PartialPage.as_view(), name="partial"),
    path("ban-giao/", moving.HandOverPage.as_view(), name="hand-over"),
    path("chung-thu-tai-cong/", moving.AtGateway.as_view(), name="at-gateway"),
    path(PUPIL, pupil.PupilPage.as_view(), name="pupil"),
    path(f"{PUPIL}goi/", pupil.BundlePage.as_view(), name="bundle"),
    path(f"{PUPIL}so-hoa/", pupil.DigitisePage.as_view(), name="digitise"),
    path(f"{PUPIL}tinh-khac/", pupil.TakeInPage.as_view(), name="take-in"),
    path(f"{PUPIL}tinh-khac/<uuid:uuid>/", pupil.ForeignFile.as_view(), name="foreign-file"),
    path(f"{PUPIL}ho-tich/", pupil.CivilNewPage.as_view(), name="civil-new"),
    path("ho-tich/<uuid:public_id>/", pupil.CivilChangePage.as_view(), name="civil-change"),
    path("so/luu-giu/", department.KeepingPage.as_view(), name="keeping"),
    path("so/", board.Board.as_view(), name="board"),
    path("so/xa/", board.CommuneBoard.as_view(), name="commune-board"),
    path("so/giao-dich/", department.MessageList.as_view(), name="message-list"),
    path("so/giao-dich/<int:pk>/", department.MessagePage.as_view(), name="message"),
    path("so/chung-thu/", department.CertificateList.as_view(), name="certificate-list"),
    path("so/chung-thu/<int:pk>/", department.CertificatePage.as_view(), name="certificate"),
    path("thu-hoi/", department.RecallList.as_view(), name="recall-list"),
    path("thu-hoi/<uuid:public_id>/", department.RecallDecision.as_view(), name="recall-decision"),
    path("bao-sai/", department.ReportList.as_view(), name="report-list"),
    path("bao-sai/<uuid:public_id>/", department.ReportAnswer.as_view(), name="report-answer"),
    path("han/", deadlines.DeadlineList.as_view(), name="deadlines"),
    path("han/<slug:code>/", deadlines.DeadlinePage.as_view(), name="deadline"),
    path("han/<slug:code>/rieng/", deadlines.OwnDeadlinePage.as_view(), name="own-deadline-new"),
    path("han/<slug:code>/rieng/<int:pk>/", deadlines.OwnDeadlinePage.as_view(), name="own-deadline"),
    path(
        "han/<slug:code>/rieng/<int:pk>/xoa/", deadlines.OwnDeadlineDelete.as_view(), name="own-deadline-drop"
    ),
    path("cua-toi/", family.OwnList.as_view(), name="own-list"),
    path("cua-toi/bao-sai/<uuid:public_id>/", family.OwnReport.as_view(), name="own-answer"),
    path("cua-toi/<uuid:uuid>/", family.OwnPage.as_view(), name="own"),
    path("cua-toi/<uuid:uuid>/tep/<slug:kind>/", family.OwnFile.as_view(), name="own-file"),
    path("cua-toi/<uuid:uuid>/bao-sai/", family.ReportPage.as_view(), name="own-report"),
    path("kiem-tra/", public.VerifyPage.as_view(), name="verify"),
]
