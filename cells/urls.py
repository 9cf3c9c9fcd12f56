"""Addresses of cells."""

urlpatterns: list = []
