"""Addresses of the report writer."""

from django.urls import path

from . import report_acts, report_list, report_page

REPORT = "bao-cao/<uuid:public_id>/"

urlpatterns = [
    path("bao-cao/", report_list.ReportList.as_view(), name="report-list"),
    path("bao-cao/bat-dau/", report_acts.StartReport.as_view(), name="report-start"),
    path(REPORT, report_page.ReportPage.as_view(), name="report-detail"),
    path(f"{REPORT}doan/<slug:key>/", report_page.TextSave.as_view(), name="report-text"),
    path(f"{REPORT}so-lieu/<str:code>/", report_page.FigureNote.as_view(), name="report-figure"),
    path(f"{REPORT}viec/<slug:act>/", report_acts.ReportAct.as_view(), name="report-act"),
    path(f"{REPORT}so-sanh/<int:number>/", report_page.Compare.as_view(), name="report-compare"),
    path(f"{REPORT}tai/<slug:kind>/", report_page.ReportFile.as_view(), name="report-file"),
]
