from django.urls import path

from thongsuot.kit.api import web

app_name = "api"
urlpatterns = [
    path("", web.TokenList.as_view(), name="token-list"),
    path("them/", web.TokenCreate.as_view(), name="token-create"),
    path("<int:pk>/thu-hoi/", web.TokenRevoke.as_view(), name="token-revoke"),
]
