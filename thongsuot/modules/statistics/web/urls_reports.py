"""Addresses of the report writer."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
