from django.urls import path

from thongsuot.kit.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.NotificationList.as_view(), name="list"),
    path("<int:pk>/", views.open_one, name="open"),
    path("da-doc-het/", views.read_all, name="read-all"),
    path("so-chua-doc/", views.badge, name="badge"),
    path("chuong/", views.bell, name="bell"),
    path("cach-nhan/", views.WaysPage.as_view(), name="ways"),
]
