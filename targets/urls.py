"""Addresses of targets."""

from django.urls import path

from targets.views import (
    base_deeds,
    bases,
    missed,
    programmes,
    quota_versions,
    quotas,
    read_back,
    received,
    results,
    sources,
)

urlpatterns = [
    path("don-vi/<str:code>/dau-nam/<int:year>/", bases.bases, name="bases"),
    path("don-vi/<str:code>/dau-nam/<int:year>/chot-tu-so/", base_deeds.freeze_bases, name="freeze_bases"),
    path("don-vi/<str:code>/dau-nam/<int:year>/dinh-chinh/", base_deeds.correct_base, name="correct_base"),
    path("don-vi/<str:code>/dau-nam/dinh-chinh/", base_deeds.base_corrections, name="base_corrections"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/", quotas.quotas, name="quotas"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/cac-lan/", quota_versions.quota_versions, name="quota_versions"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/doc-tep/", read_back.quota_workbook, name="quota_workbook"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/duoc-giao/", received.received_quota, name="received_quota"),
    path("don-vi/<str:code>/nguon/<int:year>/", sources.sources, name="sources"),
    path("don-vi/<str:code>/nguon/", sources.sources_waiting, name="sources_waiting"),
    path("don-vi/<str:code>/ly-do-khong-dat/<int:year>/", missed.missed_reasons, name="missed_reasons"),
    path("don-vi/<str:code>/ket-qua/<int:year>/", results.results, name="results"),
    path("don-vi/<str:code>/dau-nam/<int:year>/bang.xlsx", bases.bases_sheet, name="bases_sheet"),
    path("don-vi/<str:code>/chi-tieu/<int:year>/bang.xlsx", quotas.quotas_sheet, name="quotas_sheet"),
    path("don-vi/<str:code>/ket-qua/<int:year>/bang.xlsx", results.results_sheet, name="results_sheet"),
    path("chuong-trinh/moi/", programmes.programme_new, name="programme_new"),
    path("chuong-trinh/<int:programme>/sua/", programmes.programme_edit, name="programme_edit"),
    path("chuong-trinh/<int:programme>/xoa/", programmes.programme_remove, name="programme_remove"),
    path("chuong-trinh/<int:programme>/chi-tieu/moi/", programmes.target_new, name="target_new"),
    path("chuong-trinh/chi-tieu/<int:target>/sua/", programmes.target_edit, name="target_edit"),
    path("chuong-trinh/chi-tieu/<int:target>/xoa/", programmes.target_remove, name="target_remove"),
]
