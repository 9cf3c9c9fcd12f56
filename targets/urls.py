"""Addresses of targets."""

urlpatterns: list = []
