from django.urls import path

from thongsuot.kit.indicators import rows, views

app_name = "indicators"
ROWS = "<str:code>/<int:unit_id>/chi-tiet/"
urlpatterns = [
    path("", views.IndicatorList.as_view(), name="list"),
    path("don-vi/<int:unit_id>/", views.IndicatorList.as_view(), name="list-unit"),
    path("<str:code>/", views.IndicatorDetail.as_view(), name="detail"),
    path("<str:code>/<int:unit_id>/", views.IndicatorDetail.as_view(), name="unit"),
    # All that says which rows stands in the path: a list keeps only its own words in the query.
    path(ROWS, rows.IndicatorRows.as_view(), name="rows"),
    path(f"{ROWS}<str:part>/<str:day>/", rows.IndicatorRows.as_view(), name="rows"),
    path(
        f"{ROWS}<str:part>/<str:day>/<slug:dimension>/<str:value>/", rows.IndicatorRows.as_view(), name="rows"
    ),
]
