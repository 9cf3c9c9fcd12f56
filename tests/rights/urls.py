"""What each address asks of its reader, written by hand; the walk compares every answer of every page with it.

`at` says what the address is about: a unit (by code), a case, a member, or nothing in particular.
"""

from __future__ import annotations

from dataclasses import dataclass

from cells.people import rights

UNIT, CASE, MEMBER, ANYWHERE = "unit", "case", "member", ""
#: what an address asks where it is not a capability
SIGNED_IN, NOBODY = "signed in", "nobody"
#: figures with the list behind them: of the own unit and below, not of the units above
LIST_OF_FIGURES = "list of figures"


@dataclass(frozen=True)
class Address:
    """`asks`: a capability (`at` the unit, or anywhere) or a word of the above; `more`: further parts of the address.

    `posts`: the page takes a form.
    """

    asks: str
    at: str = ANYWHERE
    more: tuple = ()
    posts: bool = False


ADDRESSES: dict[str, Address] = {
    # ---- doors ----
    "login": Address(NOBODY, posts=True),
    "logout": Address(NOBODY, posts=True),
    # ---- what everybody signed in may open ----
    "home": Address(SIGNED_IN),
    "search": Address(SIGNED_IN, posts=True),
    "rules": Address(SIGNED_IN),
    "glossary": Address(SIGNED_IN),
    "programmes": Address(SIGNED_IN),
    "sheet_templates": Address(SIGNED_IN),
    "reference_city": Address(SIGNED_IN),
    "my_units": Address(SIGNED_IN),
    "sheet_template": Address(SIGNED_IN, more=("dang-vien",)),
    # ---- figures and structure of a unit ----
    "unit": Address(rights.SEE_FIGURES, UNIT),
    "table": Address(rights.SEE_FIGURES, UNIT, ("admission-rate",)),
    "items": Address(LIST_OF_FIGURES, UNIT, ("admitted",)),
    "chart": Address(rights.SEE_FIGURES, UNIT),
    "lists": Address(rights.SEE_FIGURES, UNIT),
    "who_sees": Address(LIST_OF_FIGURES, UNIT),
    "changes": Address(LIST_OF_FIGURES, UNIT),
    "structure": Address(rights.SEE_FIGURES, UNIT),
    # ---- posts of a unit; `post` is somebody else's that gives no power ----
    "posts": Address(rights.SEE_FIGURES, UNIT),
    "post_new": Address(rights.APPOINT, UNIT, posts=True),
    "post_end": Address(rights.APPOINT, UNIT, ("post",), posts=True),
    "post_delegate": Address(rights.APPOINT, UNIT, ("post",), posts=True),
    "post_withdraw": Address(rights.APPOINT, UNIT, ("post",), posts=True),
    "supervise": Address(rights.APPOINT, UNIT, posts=True),
    "supervise_end": Address(rights.APPOINT, UNIT, posts=True),
    "unit_phone": Address(rights.KEEP_CONTACT, UNIT, posts=True),
    # ---- meetings that vote ----
    "branch_meeting": Address(rights.BRANCH_WORK, UNIT, posts=True),
    "committee_meeting": Address(rights.EXAMINE, UNIT, posts=True),
    # ---- a second branch's wish to follow somebody; `claim` is one asked of the unit, and by it ----
    "claim_answer": Address(rights.EXAMINE, UNIT, ("claim",), posts=True),
    "claim_told": Address(rights.BRANCH_WORK, UNIT, ("claim",), posts=True),
    # ---- awareness classes; `class` is one for people of the unit ----
    "classes": Address(rights.SEE_FIGURES, UNIT),
    "class_new": Address(rights.HOLD_CLASSES, UNIT, posts=True),
    "class_correct": Address(rights.HOLD_CLASSES, UNIT, ("class",), posts=True),
    "class_call_off": Address(rights.HOLD_CLASSES, UNIT, ("class",), posts=True),
    # ---- what changes the structure ----
    "reorganisation": Address(rights.REORGANISE, UNIT, posts=True),
    "operation": Address(rights.REORGANISE, UNIT, ("merge",), posts=True),
    "correct_operation": Address(rights.REORGANISE, UNIT, ("operation",), posts=True),
    # ---- figures that are entered ----
    "bases": Address(rights.DECLARE, UNIT, (2024,), posts=True),
    "freeze_bases": Address(rights.DECLARE, UNIT, (2024,), posts=True),
    "correct_base": Address(rights.DECLARE, UNIT, (2024,), posts=True),
    "base_corrections": Address(rights.DECLARE, UNIT, posts=True),
    "results": Address(rights.DECLARE, UNIT, (2024,), posts=True),
    "quotas": Address(rights.ALLOCATE, UNIT, (2024,), posts=True),
    # ---- what a unit says of its sources and of a quota missed, and the level above answers ----
    "sources": Address(rights.BRANCH_WORK, UNIT, (2024,), posts=True),
    "sources_waiting": Address(rights.ALLOCATE, UNIT, posts=True),
    "missed_reasons": Address(rights.BRANCH_WORK, UNIT, (2023,), posts=True),
    "bases_sheet": Address(rights.DECLARE, UNIT, (2024,)),
    "results_sheet": Address(rights.DECLARE, UNIT, (2024,)),
    "quotas_sheet": Address(rights.ALLOCATE, UNIT, (2024,)),
    "quota_versions": Address(rights.ALLOCATE, UNIT, (2024,)),
    "quota_workbook": Address(rights.ALLOCATE, UNIT, (2024,), posts=True),
    "allocation": Address(rights.ALLOCATE, UNIT, (2024,), posts=True),
    "received_quota": Address(rights.ALLOCATE, UNIT, (2024,), posts=True),
    # ---- programmes: they bind every unit, so they are set at the top ----
    "programme_new": Address(rights.SET_TARGETS, posts=True),
    "programme_edit": Address(rights.SET_TARGETS, more=("programme",), posts=True),
    "programme_remove": Address(rights.SET_TARGETS, more=("programme",), posts=True),
    "target_new": Address(rights.SET_TARGETS, more=("programme",), posts=True),
    "target_edit": Address(rights.SET_TARGETS, more=("target",), posts=True),
    "target_remove": Address(rights.SET_TARGETS, more=("target",), posts=True),
    "target_units": Address(LIST_OF_FIGURES, UNIT, ("target",)),
    "sector_branches": Address(LIST_OF_FIGURES, UNIT, ("admission",)),
    # ---- lists within the reader's rights ----
    "worklist": Address(SIGNED_IN),
    "deadlines": Address(SIGNED_IN),
    "cases": Address(SIGNED_IN),
    "members": Address(SIGNED_IN),
    "case_new": Address(rights.ENTER, posts=True),
    "member_receive": Address(rights.KEEP_REGISTER, posts=True),
    # ---- one case ----
    "case": Address(rights.SEE_PEOPLE, CASE),
    "case_print": Address(rights.SEE_PEOPLE, CASE),
    "case_step": Address("", CASE, ("stage",), posts=True),  # STEPS says what each asks
    "case_drop": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_resume": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_particulars": Address(rights.ENTER, CASE, posts=True),
    "case_papers": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_paper_take_back": Address(rights.BRANCH_WORK, CASE, ("paper",), posts=True),
    "case_helper": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_helper_end": Address(rights.BRANCH_WORK, CASE, ("helper",), posts=True),
    "case_introducer": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_introducer_replace": Address(rights.BRANCH_WORK, CASE, ("introducer",), posts=True),
    "case_verification": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_verification_answer": Address(rights.BRANCH_WORK, CASE, ("verification",), posts=True),
    "case_opinion": Address(rights.BRANCH_WORK, CASE, posts=True),
    "case_opinion_receive": Address(rights.BRANCH_WORK, CASE, ("opinion",), posts=True),
    "case_around_take_back": Address(rights.BRANCH_WORK, CASE, ("tham-tra", "verification"), posts=True),
    "case_identity": Address(rights.CORRECT, CASE, posts=True),
    "case_correct_step": Address(rights.CORRECT, CASE, ("event",), posts=True),
    "case_correct_vote": Address(rights.CORRECT, CASE, ("vote",), posts=True),
    "case_revoke": Address(rights.REVOKE, CASE, posts=True),
    "case_milestone": Address(rights.BRANCH_WORK, CASE, ("nhan-quyet-dinh",), posts=True),
    "case_extend": Address(rights.DECIDE, CASE, posts=True),
    "case_rules": Address(rights.DECIDE, CASE, posts=True),
    # ---- one member ----
    "member": Address(rights.SEE_PEOPLE, MEMBER),
    "member_vote": Address(rights.BRANCH_WORK, MEMBER, posts=True),
    "member_examine": Address(rights.EXAMINE, MEMBER, posts=True),
    "member_correct_vote": Address(rights.CORRECT, MEMBER, ("vote",), posts=True),
    "member_recognise": Address(rights.DECIDE, MEMBER, posts=True),
    "member_temporary": Address(rights.KEEP_REGISTER, MEMBER, posts=True),
    "member_transfer": Address(rights.KEEP_REGISTER, MEMBER, posts=True),
    "member_depart": Address(rights.KEEP_REGISTER, MEMBER, posts=True),
    "member_identity": Address(rights.KEEP_REGISTER, MEMBER, posts=True),
    "member_milestone": Address(rights.BRANCH_WORK, MEMBER, ("ly-lich",), posts=True),
    "member_extend": Address(rights.DECIDE, MEMBER, posts=True),
    "member_rules": Address(rights.DECIDE, MEMBER, posts=True),
    # ---- the log ----
    "log": Address(rights.READ_LOG),
    "log_entry": Address(rights.READ_LOG, more=("entry",)),
}

#: The steps of a case and the capability each asks.
STEPS = {
    "sympathiser": rights.BRANCH_WORK,
    "trained": rights.BRANCH_WORK,
    "dossier": rights.BRANCH_WORK,
    "branch_resolved": rights.BRANCH_WORK,
    "examined": rights.EXAMINE,
    "decided": rights.DECIDE,
    "admitted": rights.BRANCH_WORK,
}

#: Every address under this name belongs to Django admin and asks for an administrator.
ADMIN = "admin"


def names(patterns, space: str = "") -> set[str]:
    """Every name of an address below `patterns`; those of an included namespace as one "namespace:"."""
    found = set()
    for pattern in patterns:
        if getattr(pattern, "namespace", None):
            found.add(f"{pattern.namespace}:")
        elif hasattr(pattern, "url_patterns"):
            found |= names(pattern.url_patterns)
        else:
            found.add(pattern.name or str(pattern.pattern))
    return found
