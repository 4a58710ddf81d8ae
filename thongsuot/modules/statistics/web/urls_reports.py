"""Addresses of the report writer."""

from django.urls import path

from . import report_acts, report_dates, report_figure, report_list, report_page

REPORT = "so-ket-tong-ket/<uuid:public_id>/"

urlpatterns = [
    path("so-ket-tong-ket/", report_list.ReportList.as_view(), name="report-list"),
    path("so-ket-tong-ket/bat-dau/", report_acts.StartReport.as_view(), name="report-start"),
    path("so-ket-tong-ket/han/", report_dates.ReportDates.as_view(), name="report-dates"),
    path(REPORT, report_page.ReportPage.as_view(), name="report-detail"),
    path(f"{REPORT}doan/<slug:key>/", report_page.TextSave.as_view(), name="report-text"),
    path(f"{REPORT}so-lieu/<str:code>/", report_figure.FigurePage.as_view(), name="report-figure"),
    # All that says which rows stands in the path: a list keeps only its own words in the query.
    path(f"{REPORT}so-lieu/<str:code>/<slug:part>/", report_figure.FigureRows.as_view(), name="report-rows"),
    path(
        f"{REPORT}so-lieu/<str:code>/<slug:part>/<slug:dimension>/<str:value>/",
        report_figure.FigureRows.as_view(),
        name="report-rows",
    ),
    path(f"{REPORT}viec/<slug:act>/", report_acts.ReportAct.as_view(), name="report-act"),
    path(f"{REPORT}so-sanh/<int:number>/", report_page.Compare.as_view(), name="report-compare"),
    path(f"{REPORT}tai/<slug:kind>/", report_page.ReportFile.as_view(), name="report-file"),
]
