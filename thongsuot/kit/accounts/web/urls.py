"""Our own pages of sign-in (namespace `accounts`)."""

from django.urls import path

from thongsuot.kit.accounts.web import views

urlpatterns = [
    path("ngon-ngu/", views.language, name="set-language"),
    path("vai-tro/", views.switch_role, name="act-as"),
    path("bao-mat/", views.security, name="security"),
]
