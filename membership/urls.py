from django.urls import path, register_converter

from membership.around.path import AroundPath
from membership.stage_path import StagePath
from membership.views import (
    around,
    candidates,
    cases,
    claims,
    clock_deeds,
    corrections,
    deadlines,
    meetings,
    members,
    papers,
    steps,
    votes,
)

register_converter(StagePath, "stage")
register_converter(AroundPath, "around")

urlpatterns = [
    path("ho-so/", candidates.cases, name="cases"),
    path("ho-so/moi/", candidates.case_new, name="case_new"),
    path("ho-so/<int:pk>/", cases.case, name="case"),
    path("ho-so/<int:pk>/ban-in/", cases.case_print, name="case_print"),
    path("ho-so/<int:pk>/<stage:stage>/", steps.case_step, name="case_step"),
    path("ho-so/<int:pk>/dung-theo-doi/", steps.case_drop, name="case_drop"),
    path("ho-so/<int:pk>/theo-doi-lai/", steps.case_resume, name="case_resume"),
    path("ho-so/<int:pk>/giay-to/", papers.case_papers, name="case_papers"),
    path("ho-so/<int:pk>/giay-to/<int:paper_pk>/huy/", papers.case_paper_take_back, name="case_paper_take_back"),
    path("ho-so/<int:pk>/giup-do/", around.case_helper, name="case_helper"),
    path("ho-so/<int:pk>/giup-do/<int:row_pk>/thoi/", around.case_helper_end, name="case_helper_end"),
    path("ho-so/<int:pk>/gioi-thieu/", around.case_introducer, name="case_introducer"),
    path(
        "ho-so/<int:pk>/gioi-thieu/<int:row_pk>/thay/", around.case_introducer_replace, name="case_introducer_replace"
    ),
    path("ho-so/<int:pk>/tham-tra/", around.case_verification, name="case_verification"),
    path(
        "ho-so/<int:pk>/tham-tra/<int:row_pk>/tra-loi/",
        around.case_verification_answer,
        name="case_verification_answer",
    ),
    path("ho-so/<int:pk>/nhan-xet/", around.case_opinion, name="case_opinion"),
    path("ho-so/<int:pk>/nhan-xet/<int:row_pk>/nhan/", around.case_opinion_receive, name="case_opinion_receive"),
    path("ho-so/<int:pk>/<around:kind>/<int:row_pk>/huy/", around.case_around_take_back, name="case_around_take_back"),
    path("ho-so/<int:pk>/thong-tin/", corrections.case_particulars, name="case_particulars"),
    path("ho-so/<int:pk>/nhan-than/", corrections.case_identity, name="case_identity"),
    path("ho-so/<int:pk>/sua-buoc/<int:event_pk>/", corrections.case_correct_step, name="case_correct_step"),
    path("ho-so/<int:pk>/sua-bieu-quyet/<int:vote_pk>/", votes.case_correct_vote, name="case_correct_vote"),
    path("ho-so/<int:pk>/huy-ket-nap/", corrections.case_revoke, name="case_revoke"),
    path("don-vi/<str:code>/hop-xet/", meetings.branch_meeting, name="branch_meeting"),
    path("don-vi/<str:code>/hop-dang-uy/", meetings.committee_meeting, name="committee_meeting"),
    path("ho-so/<int:pk>/moc/<slug:slug>/", clock_deeds.case_milestone, name="case_milestone"),
    path("ho-so/<int:pk>/gia-han/", clock_deeds.case_extend, name="case_extend"),
    path("ho-so/<int:pk>/quy-dinh/", clock_deeds.case_rules, name="case_rules"),
    path("don-vi/<str:code>/trung-ho-so/<int:pk>/", claims.claim_answer, name="claim_answer"),
    path("don-vi/<str:code>/tra-loi/<int:pk>/", claims.claim_told, name="claim_told"),
    path("thoi-han/", deadlines.deadlines, name="deadlines"),
    path("dang-vien/", members.members, name="members"),
    path("dang-vien/tiep-nhan/", members.member_receive, name="member_receive"),
    path("dang-vien/<int:pk>/", members.member, name="member"),
    path("dang-vien/<int:pk>/cong-nhan/", members.member_recognise, name="member_recognise"),
    path("dang-vien/<int:pk>/bieu-quyet/", meetings.member_vote, name="member_vote"),
    path("dang-vien/<int:pk>/dang-uy-xet/", meetings.member_examine, name="member_examine"),
    path("dang-vien/<int:pk>/sua-bieu-quyet/<int:vote_pk>/", votes.member_correct_vote, name="member_correct_vote"),
    path("dang-vien/<int:pk>/tam-thoi/", members.member_temporary, name="member_temporary"),
    path("dang-vien/<int:pk>/chuyen-sinh-hoat/", members.member_transfer, name="member_transfer"),
    path("dang-vien/<int:pk>/ra-khoi-dang/", members.member_depart, name="member_depart"),
    path("dang-vien/<int:pk>/nhan-than/", members.member_identity, name="member_identity"),
    path("dang-vien/<int:pk>/moc/<slug:slug>/", clock_deeds.member_milestone, name="member_milestone"),
    path("dang-vien/<int:pk>/gia-han/", clock_deeds.member_extend, name="member_extend"),
    path("dang-vien/<int:pk>/quy-dinh/", clock_deeds.member_rules, name="member_rules"),
]
