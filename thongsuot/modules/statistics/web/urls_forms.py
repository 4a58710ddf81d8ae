"""Addresses of forms, periods and returns."""

from django.urls import URLPattern, path

from . import forms, forms_edit, returns, returns_periods, returns_rows

urlpatterns: list[URLPattern] = [
    path("bieu/", forms.FormList.as_view(), name="form-list"),
    path("bieu/<str:code>/", forms.FormPage.as_view(), name="form"),
    path("bieu/<str:code>/sua/", forms_edit.FormEdit.as_view(), name="form-edit"),
    path("bieu/<str:code>/<int:unit_id>/", forms.FormPage.as_view(), name="form-unit"),
    path("bieu/<str:code>/<int:unit_id>/o/<str:cell>/", forms.CellPage.as_view(), name="form-cell"),
    path("bieu/<str:code>/<int:unit_id>/o/<str:cell>/dong/", forms.CellRows.as_view(), name="form-rows"),
]

# Periods and returns.
_ONE = "bao-cao/<uuid:public_id>/"
urlpatterns += [
    path("ky/", returns_periods.PeriodList.as_view(), name="period-list"),
    path("ky/mo/", returns_periods.PeriodCreate.as_view(), name="period-create"),
    path("ky/<uuid:public_id>/", returns_periods.PeriodDetail.as_view(), name="period-detail"),
    path("ky/<uuid:public_id>/han/", returns_periods.PeriodDays.as_view(), name="period-days"),
    path("ky/<uuid:public_id>/khoa/", returns_periods.PeriodClose.as_view(), name="period-close"),
    path("ky/<uuid:public_id>/mo-lai/", returns_periods.PeriodReopen.as_view(), name="period-reopen"),
    path("bao-cao/", returns.ReturnList.as_view(), name="return-list"),
    path(_ONE, returns.ReturnDetail.as_view(), name="return-detail"),
    path(f"{_ONE}khac/", returns_rows.Differences.as_view(), name="return-differences"),
    path(f"{_ONE}o/<str:cell>/", returns_rows.FrozenCell.as_view(), name="return-cell"),
    path(f"{_ONE}viec/<str:act>/", returns.ReturnAct.as_view(), name="return-act"),
]
