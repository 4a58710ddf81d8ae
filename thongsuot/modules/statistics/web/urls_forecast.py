"""Addresses of the forecast."""

from django.urls import URLPattern, path

from . import forecast, forecast_forms

urlpatterns: list[URLPattern] = [
    path("du-bao/", forecast.ForecastHome.as_view(), name="forecast-list"),
    path("du-bao/lap/", forecast_forms.ForecastMake.as_view(), name="forecast-make"),
    path("du-bao/so-lieu/", forecast_forms.PastUpload.as_view(), name="forecast-past"),
    path("du-bao/dinh-muc/", forecast.NormPage.as_view(), name="forecast-norms"),
    path("du-bao/dinh-muc/<slug:group>/", forecast_forms.NormEdit.as_view(), name="forecast-norm-edit"),
    path("du-bao/<int:pk>/", forecast.ForecastPage.as_view(), name="forecast-detail"),
    path("du-bao/<int:pk>/thu/", forecast.TrialPage.as_view(), name="forecast-trial"),
    path("du-bao/<int:pk>/xoa/", forecast_forms.ForecastDelete.as_view(), name="forecast-delete"),
]
