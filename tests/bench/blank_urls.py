"""The site with one more page: the frame and nothing in it, as the floor of a page."""

from django.shortcuts import render
from django.urls import path

from thongsuot.config.urls import *  # noqa: F403
from thongsuot.config.urls import urlpatterns as of_the_site

ADDRESS = "/trang-trong/"
urlpatterns = [path("trang-trong/", lambda request: render(request, "base.html")), *of_the_site]
