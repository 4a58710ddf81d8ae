"""Addresses of dashboards, reported figures, population."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
