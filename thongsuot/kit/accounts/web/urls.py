"""Our own pages of sign-in (namespace `accounts`)."""

from django.urls import path

from thongsuot.kit.accounts.web import manage, views

urlpatterns = [
    path("ngon-ngu/", views.language, name="set-language"),
    path("vai-tro/", views.switch_role, name="act-as"),
    path("bao-mat/", views.security, name="security"),
    path("quan-ly/them/", manage.create, name="create"),
    path("quan-ly/<uuid:public_id>/", manage.detail, name="detail"),
    path("quan-ly/<uuid:public_id>/thao-tac/", manage.act, name="manage"),
]
