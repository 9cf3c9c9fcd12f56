"""Addresses of the pages with figures."""

from django.urls import path

from reports.views import (
    allocation,
    changes,
    chart,
    downloads,
    home,
    items,
    lists,
    my_units,
    posts,
    programmes,
    search,
    structure,
    tables,
    target_units,
    unit,
    worklist,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("du-lieu-mau.xlsx", downloads.reference_city, name="reference_city"),
    path("tim/", search.search, name="search"),
    path("viec-can-lam/", worklist.work, name="worklist"),
    path("don-vi/", my_units.my_units, name="my_units"),
    path("don-vi/<str:code>/", unit.unit, name="unit"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/phan-bo/", allocation.allocation, name="allocation"),
    path("chuong-trinh/", programmes.programmes, name="programmes"),
    path("don-vi/<str:code>/chi-tieu-chuong-trinh/<int:target>/", target_units.target_units, name="target_units"),
    path("don-vi/<str:code>/chi-bo-theo-loai-hinh/<slug:line>/", target_units.sector_branches, name="sector_branches"),
    path("don-vi/<str:code>/co-cau/", structure.structure, name="structure"),
    path("don-vi/<str:code>/so-do/", chart.chart, name="chart"),
    path("don-vi/<str:code>/bang/<slug:key>/", tables.table, name="table"),
    path("don-vi/<str:code>/danh-sach/", lists.lists, name="lists"),
    path("don-vi/<str:code>/danh-sach/<slug:figure>/", items.items, name="items"),
    path("don-vi/<str:code>/chuc-vu/", posts.posts, name="posts"),
    path("don-vi/<str:code>/thay-doi/", changes.changes, name="changes"),
    path("don-vi/<str:code>/ai-xem-duoc/", lists.who_sees, name="who_sees"),
]
