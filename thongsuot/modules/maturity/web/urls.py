"""Addresses of the module, all under /chuyen-doi-so/."""

from django.http import HttpResponse
from django.urls import path

app_name = "maturity"

def _none(request, **k): return HttpResponse()

urlpatterns = [
    path("phieu/", _none, name="assessment-list"),
    path("phieu/<uuid:public_id>/", _none, name="assessment-detail"),
    path("so-cong-nhan/", _none, name="register"),
]
