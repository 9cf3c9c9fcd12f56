"""Addresses of cells."""

from django.urls import path

from cells.log import views as log
from cells.organisations import views as organisations
from cells.rules import views as rules
from cells.sheets import views as sheets

urlpatterns = [
    path("don-vi/<str:code>/thanh-lap/", organisations.found, name="found"),
    path("don-vi/<str:code>/tiep-nhan/", organisations.join, name="join"),
    path("don-vi/<str:code>/chuyen-ra/", organisations.leave, name="leave"),
    path("nhat-ky/", log.log, name="log"),
    path("nhat-ky/<int:pk>/", log.log_entry, name="log_entry"),
    path("quy-dinh/", rules.rules, name="rules"),
    path("tu-dien/", rules.glossary, name="glossary"),
    path("bieu-mau/", sheets.sheet_templates, name="sheet_templates"),
    path("bieu-mau/<slug:slug>.xlsx", sheets.sheet_template, name="sheet_template"),
]
