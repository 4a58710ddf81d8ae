"""Addresses of the module, all under /thong-ke/; a file for each part."""

from . import urls_dashboards, urls_forecast, urls_forms, urls_reports

app_name = "statistics"
urlpatterns = [
    *urls_forms.urlpatterns,
    *urls_dashboards.urlpatterns,
    *urls_forecast.urlpatterns,
    *urls_reports.urlpatterns,
]
