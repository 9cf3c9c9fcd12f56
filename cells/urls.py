"""Addresses of cells."""

from django.urls import path, register_converter

from cells.log import views as log
from cells.organisations.views import operations, reorganisation
from cells.organisations.work_path import WorkPath
from cells.people.views import posts, units
from cells.rules import views as rules
from cells.sheets import views as sheets

register_converter(WorkPath, "work")

urlpatterns = [
    path("don-vi/<str:code>/sap-xep/", reorganisation.reorganisation, name="reorganisation"),
    path("don-vi/<str:code>/sap-xep/<work:work>/", operations.operation, name="operation"),
    path("don-vi/<str:code>/sap-xep/viec/<int:pk>/", reorganisation.correct_operation, name="correct_operation"),
    path("don-vi/<str:code>/chuc-vu/ghi/", posts.post_new, name="post_new"),
    path("don-vi/<str:code>/chuc-vu/<int:pk>/thoi/", posts.post_end, name="post_end"),
    path("don-vi/<str:code>/chuc-vu/<int:pk>/uy-quyen/", posts.post_delegate, name="post_delegate"),
    path("don-vi/<str:code>/chuc-vu/<int:pk>/huy/", posts.post_withdraw, name="post_withdraw"),
    path("don-vi/<str:code>/phan-cong/", units.supervise, name="supervise"),
    path("don-vi/<str:code>/phan-cong/thoi/", units.supervise_end, name="supervise_end"),
    path("don-vi/<str:code>/dien-thoai/", units.unit_phone, name="unit_phone"),
    path("nhat-ky/", log.log, name="log"),
    path("nhat-ky/<int:pk>/", log.log_entry, name="log_entry"),
    path("quy-dinh/", rules.rules, name="rules"),
    path("tu-dien/", rules.glossary, name="glossary"),
    path("bieu-mau/", sheets.sheet_templates, name="sheet_templates"),
    path("bieu-mau/<slug:slug>.xlsx", sheets.sheet_template, name="sheet_template"),
]
