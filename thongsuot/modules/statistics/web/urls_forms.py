"""Addresses of forms, periods and returns."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
