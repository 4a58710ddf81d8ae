from django.urls import path

from thongsuot.kit.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/dung/", views.cancel, name="cancel"),
    path("<uuid:public_id>/chay-lai/", views.retry, name="retry"),
]
