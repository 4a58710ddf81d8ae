"""Addresses of the module, all under /chi-dao/."""

from django.urls import path

from . import (
    assignment_acts,
    assignment_page,
    dashboard,
    directives,
    lists,
    out,
    reports,
    review,
    targets,
    units,
)
from .confirm import Confirm

app_name = "directives"

DIRECTIVE = "van-ban/<uuid:public_id>/"
REVIEW = f"{DIRECTIVE}ra-soat/"
FINDING = f"{REVIEW}<int:pk>/"

urlpatterns = [
    path("van-ban/", lists.DirectiveList.as_view(), name="directive-list"),
    path("van-ban/nhap/", directives.DirectiveUpload.as_view(), name="directive-upload"),
    path(DIRECTIVE, directives.DirectiveDetail.as_view(), name="directive-detail"),
    path(f"{DIRECTIVE}ket-thuc/", directives.CloseDirective.as_view(), name="directive-close"),
    path(f"{DIRECTIVE}thu-hoi/", directives.WithdrawDirective.as_view(), name="directive-withdraw"),
    path(REVIEW, review.Review.as_view(), name="review"),
    path(f"{REVIEW}thong-tin/", review.EditHeader.as_view(), name="review-header"),
    path(f"{REVIEW}them/", review.AddFinding.as_view(), name="finding-add"),
    path(f"{REVIEW}nhan-het/", review.AcceptAll.as_view(), name="accept-all"),
    path(f"{REVIEW}gop/", review.MergeFindings.as_view(), name="merge-findings"),
    path(FINDING, review.FindingAct.as_view(), name="finding-card"),
    path(f"{FINDING}nhan/", review.AcceptFinding.as_view(), name="finding-accept"),
    path(f"{FINDING}bo/", review.DropFinding.as_view(), name="finding-drop"),
    path(f"{FINDING}lay-lai/", review.RestoreFinding.as_view(), name="finding-restore"),
    path(f"{FINDING}sua/", review.EditFinding.as_view(), name="finding-edit"),
    path(f"{FINDING}tach/", review.SplitFinding.as_view(), name="finding-split"),
    path(f"{DIRECTIVE}xac-nhan/", Confirm.as_view(), name="confirm"),
    path("don-vi/", units.unit_search, name="unit-search"),
    path("thoi-han/", review.deadline_preview, name="deadline-preview"),
    path("nhiem-vu/", lists.AssignmentList.as_view(), name="assignment-list"),
    path("nhiem-vu/giao/", assignment_acts.AssignmentCreate.as_view(), name="assignment-create"),
    path("nhiem-vu/<uuid:public_id>/", assignment_page.AssignmentDetail.as_view(), name="assignment-detail"),
    path(
        "nhiem-vu/<uuid:public_id>/<slug:act>/",
        assignment_acts.AssignmentAct.as_view(),
        name="assignment-act",
    ),
    path("kho-khan/", dashboard.DifficultyBoard.as_view(), name="difficulty-list"),
    path("kho-khan/<int:pk>/giai-quyet/", dashboard.DecideDifficulty.as_view(), name="difficulty-decide"),
    path("kho-khan/<int:pk>/chuyen/", dashboard.ForwardDifficulty.as_view(), name="difficulty-forward"),
    path("chi-tieu/", lists.TargetList.as_view(), name="target-list"),
    path("chi-tieu/<uuid:public_id>/", targets.TargetPage.as_view(), name="target-detail"),
    path("chi-tieu/<uuid:public_id>/<slug:act>/", targets.TargetAct.as_view(), name="target-act"),
    path("so-lieu/<int:pk>/duyet/", targets.ApproveValue.as_view(), name="target-value-approve"),
    path("so-lieu/<int:pk>/tra-lai/", targets.ReturnValue.as_view(), name="target-value-return"),
    path("bao-cao/", lists.ObligationList.as_view(), name="obligation-list"),
    path("bao-cao/dat/", reports.DutyCreate.as_view(), name="duty-create"),
    path("bao-cao/<uuid:public_id>/", reports.ObligationPage.as_view(), name="obligation-detail"),
    path("bao-cao/<uuid:public_id>/<slug:act>/", reports.ObligationAct.as_view(), name="obligation-act"),
    path("lich/", dashboard.CalendarPage.as_view(), name="calendar"),
    path("tong-quan/", dashboard.DashboardPage.as_view(), name="dashboard"),
    path("xep-hang/", dashboard.RankingPage.as_view(), name="ranking"),
    path("ket-xuat/bao-cao/", out.PeriodicReportPage.as_view(), name="periodic-report"),
    path("ket-xuat/trung-uong/", out.CentralExport.as_view(), name="central-export"),
]
