"""Addresses of the module, all under /chuyen-doi-so/."""

from django.urls import path

from . import department, lists, overview, rubrics, sheet_acts, sheet_page

app_name = "maturity"

SHEET = "phieu/<uuid:public_id>/"

urlpatterns = [
    path("phieu/", lists.AssessmentList.as_view(), name="assessment-list"),
    path("phieu/bat-dau/<int:unit_id>/", sheet_acts.StartPage.as_view(), name="start"),
    path(SHEET, sheet_page.SheetPage.as_view(), name="assessment-detail"),
    path(f"{SHEET}buoc/<slug:act>/", sheet_acts.SheetAct.as_view(), name="assessment-act"),
    path(f"{SHEET}muc/<str:code>/<slug:act>/", sheet_page.ItemAct.as_view(), name="item-act"),
    path("dot/", department.RoundPage.as_view(), name="round"),
    path("doan/", lists.TeamList.as_view(), name="team-list"),
    path("doan/them/", department.TeamCreate.as_view(), name="team-create"),
    path("doan/<uuid:public_id>/", department.TeamEdit.as_view(), name="team-edit"),
    path("quyet-dinh/", lists.DecisionList.as_view(), name="decision-list"),
    path("quyet-dinh/<uuid:public_id>/", department.DecisionPage.as_view(), name="decision-detail"),
    path("so-cong-nhan/", lists.Register.as_view(), name="register"),
    path("kien-nghi/", lists.AppealList.as_view(), name="appeal-list"),
    path("kien-nghi/gui/<uuid:public_id>/", department.AppealCreate.as_view(), name="appeal-create"),
    path("kien-nghi/<uuid:public_id>/", department.AppealPage.as_view(), name="appeal-detail"),
    path("toan-tinh/", overview.OverviewPage.as_view(), name="overview"),
    path("cong-khai/", overview.PublicPage.as_view(), name="public"),
    path("bo-chi-so/", rubrics.RubricList.as_view(), name="rubric-list"),
    path("bo-chi-so/<uuid:public_id>/", rubrics.RubricPage.as_view(), name="rubric-detail"),
    path("bo-chi-so/<uuid:public_id>/sua/", rubrics.RubricEdit.as_view(), name="rubric-edit"),
    path("bo-chi-so/<uuid:public_id>/ap-dung/", rubrics.RubricAdopt.as_view(), name="rubric-adopt"),
]
