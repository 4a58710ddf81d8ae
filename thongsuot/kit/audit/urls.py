from django.urls import path

from thongsuot.kit.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("thay-doi/<str:kind>/", views.ChangeList.as_view(), name="changes"),
    path("thay-doi/<str:kind>/<int:key>/", views.History.as_view(), name="history"),
    path("luot-xem/", views.ReadingList.as_view(), name="readings"),
    path("dang-nhap/", views.SignInList.as_view(), name="sign-ins"),
]
