from django.urls import path

from thongsuot.kit.exports import views

app_name = "exports"
urlpatterns = [path("<uuid:public_id>/", views.download, name="download")]
