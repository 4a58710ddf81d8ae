from django.urls import path

from thongsuot.portals import home

urlpatterns = [path("", home.home, name="home")]
