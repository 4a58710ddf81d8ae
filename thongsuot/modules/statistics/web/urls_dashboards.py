"""Addresses of dashboards, reported figures, population."""

from django.urls import URLPattern, path

from . import dashboards

urlpatterns: list[URLPattern] = [
    path("", dashboards.own, name="own-dashboard"),
    path("don-vi/<int:unit_id>/", dashboards.Dashboard.as_view(), name="dashboard"),
    path("don-vi/<int:unit_id>/<slug:part>/", dashboards.Dashboard.as_view(), name="dashboard-part"),
    path("ranh-gioi/<str:province>.json", dashboards.boundaries, name="boundaries"),
    path("lan-tinh/", dashboards.RunList.as_view(), name="run-list"),
]
