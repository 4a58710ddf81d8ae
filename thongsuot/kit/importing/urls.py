from django.urls import URLPattern, URLResolver, path

from thongsuot.kit.importing import views

app_name = "importing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.RunList.as_view(), name="run-list"),
    path("moi/<str:kind>/", views.Upload.as_view(), name="upload"),
    path("mau/<str:kind>/", views.Template.as_view(), name="template"),
    path("<uuid:public_id>/", views.RowList.as_view(), name="row-list"),
    path("<uuid:public_id>/cot/", views.Columns.as_view(), name="columns"),
    path("<uuid:public_id>/nhap/", views.Apply.as_view(), name="apply"),
    path("<uuid:public_id>/hoan-tac/", views.Undo.as_view(), name="undo"),
    path("<uuid:public_id>/loi/", views.Errors.as_view(), name="errors"),
]
