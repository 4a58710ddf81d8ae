"""Addresses of the module, all under /chat-luong/."""

from django.urls import path

from . import case_page, lists, overview, rules

app_name = "quality"

CASE = "loi/<uuid:public_id>/"

urlpatterns = [
    path("chi-so/", overview.OverviewPage.as_view(), name="overview"),
    path("kiem-tra/", overview.StartCheck.as_view(), name="check"),
    path("xep-hang/", overview.RankingPage.as_view(), name="ranking"),
    path("loi/", lists.CaseList.as_view(), name="case-list"),
    path(CASE, case_page.CaseDetail.as_view(), name="case-detail"),
    path(f"{CASE}<slug:act>/", case_page.CaseAct.as_view(), name="case-act"),
    path("quy-tac/", rules.RuleList.as_view(), name="rule-list"),
    path("quy-tac/nguong/", rules.ThresholdEdit.as_view(), name="threshold-edit"),
    path("quy-tac/<str:code>/", rules.RuleEdit.as_view(), name="rule-edit"),
    path("ngay-lam-viec/", rules.WorkDaysMoved.as_view(), name="work-days-moved"),
]
