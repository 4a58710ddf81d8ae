"""Addresses of forms, periods and returns."""

from django.urls import URLPattern, path

from . import forms, forms_edit

urlpatterns: list[URLPattern] = [
    path("bieu/", forms.FormList.as_view(), name="form-list"),
    path("bieu/<str:code>/", forms.FormPage.as_view(), name="form"),
    path("bieu/<str:code>/sua/", forms_edit.FormEdit.as_view(), name="form-edit"),
    path("bieu/<str:code>/<int:unit_id>/", forms.FormPage.as_view(), name="form-unit"),
    path("bieu/<str:code>/<int:unit_id>/o/<str:cell>/", forms.CellPage.as_view(), name="form-cell"),
    path("bieu/<str:code>/<int:unit_id>/o/<str:cell>/dong/", forms.CellRows.as_view(), name="form-rows"),
]
