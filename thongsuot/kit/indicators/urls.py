from django.urls import path

from thongsuot.kit.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.IndicatorList.as_view(), name="list"),
    path("don-vi/<int:unit_id>/", views.IndicatorList.as_view(), name="list-unit"),
    path("<str:code>/", views.IndicatorDetail.as_view(), name="detail"),
    path("<str:code>/<int:unit_id>/", views.IndicatorDetail.as_view(), name="unit"),
    path("<str:code>/<int:unit_id>/chi-tiet/", views.IndicatorRows.as_view(), name="rows"),
]
