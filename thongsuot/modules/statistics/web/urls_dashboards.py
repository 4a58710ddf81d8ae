"""Addresses of dashboards, reported figures, population."""

from django.urls import URLPattern, path

from . import dashboards, population, reported

urlpatterns: list[URLPattern] = [
    path("", dashboards.own, name="own-dashboard"),
    path("don-vi/<int:unit_id>/", dashboards.Dashboard.as_view(), name="dashboard"),
    path("don-vi/<int:unit_id>/<slug:part>/", dashboards.Dashboard.as_view(), name="dashboard-part"),
    path("ranh-gioi/<str:province>.json", dashboards.boundaries, name="boundaries"),
    path("lan-tinh/", dashboards.RunList.as_view(), name="run-list"),
    path("bao-so/", reported.ReportedList.as_view(), name="reported-list"),
    path("bao-so/moi/", reported.ReportedCreate.as_view(), name="reported-create"),
    path("bao-so/<uuid:public_id>/", reported.ReportedDetail.as_view(), name="reported-detail"),
    path("bao-so/<uuid:public_id>/duyet/", reported.ReportedDecide.as_view(), name="reported-decide"),
    path("dan-so/", population.PopulationList.as_view(), name="population-list"),
    path("dan-so/<int:pk>/sua/", population.PopulationEdit.as_view(), name="population-edit"),
]
