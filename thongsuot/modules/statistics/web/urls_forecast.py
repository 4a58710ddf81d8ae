"""Addresses of the forecast."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
