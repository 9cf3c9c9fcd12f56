"""The papers of a case: what is asked for, what is there, and entering what came."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.log import write
from cells.organisations.access import row_or_404
from cells.people import rights
from cells.verdict import Problem, Refused
from membership.forms.papers import PapersForm
from membership.forms.steps import TakeBackPaperForm
from membership.models import Candidacy, Stage
from membership.papers.checklist import Line, checklist
from membership.papers.deeds import enter_papers, take_back_paper
from membership.papers.models import RECOGNITION, Paper, PaperRule
from membership.views.access import of_case
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say


@require_http_methods(FORM_METHODS)
def case_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist as a form: tick a paper or write its number and day."""
    access = of_case(request, pk)
    access.require(rights.BRANCH_WORK)
    case = access.case
    form = PapersForm(posted(request), case=case, lines=_asked(case, access.today), today=access.today)
    write.read(actor=request.user, subject="candidacy", subject_id=pk, organisation=access.unit)
    if request.method == "POST":
        done = attempt(form, lambda: _enter(form, request, access))
        if done:
            say(request, f"Đã ghi {vietnamese.number(len(done))} giấy tờ của {case.person.name}.")
            return redirect(case)
    return page(
        request,
        form,
        access,
        template="membership/papers.html",
        title="Giấy tờ của hồ sơ",
        lead=f"{case.person.name} · {access.unit.name}",
        deed="Ghi giấy tờ",
        rows=form.rows(),
        held=_held(case, form),
    )


def _asked(case: Candidacy, today: dt.date) -> list[Line]:
    """All that is asked of the case; of the probation only once it has begun."""
    on_probation = case.stage == Stage.ADMITTED
    return [line for line in checklist(case, today) if on_probation or line.rule.stage != RECOGNITION]


def _held(case: Candidacy, form: PapersForm) -> list[Paper]:
    """The papers entered, each with the `name` the rules of today give it."""
    names = {line.rule.code: line.rule.name for line in form.lines}
    papers = list(case.papers.valid())
    for paper in papers:
        paper.name = names.get(paper.code, paper.code)
    return papers


def _enter(form: PapersForm, request: HttpRequest, access) -> list[Paper]:
    """The deed, with its problems named at the cells of their rows."""
    entries = form.entries()
    try:
        return enter_papers(entries, actor=request.user, today=access.today, version=form.cleaned_data["version"])
    except Refused as refused:
        refused.problems = [
            Problem(problem.index, form.place(problem.index, problem.field) if problem.field else "", problem.message)
            for problem in refused.problems
        ]
        raise


@require_http_methods(FORM_METHODS)
def case_paper_take_back(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """A paper that was entered wrongly; it stays in the log."""
    access = of_case(request, pk)
    access.require(rights.BRANCH_WORK)
    paper = row_or_404(request, Paper.objects.valid().filter(candidacy=access.case), paper_pk)
    form = TakeBackPaperForm(posted(request), today=access.today)
    if request.method == "POST":
        reason = form.data.get("reason", "")
        if attempt(form, lambda: take_back_paper(paper, reason=reason, actor=request.user)):
            say(request, "Đã hủy giấy tờ ghi nhầm; nội dung cũ còn trong nhật ký.")
            return redirect("case_papers", pk)
    rules = PaperRule.objects.on(access.today).filter(code=paper.code)
    named = rules.values_list("name", flat=True).first() or paper.code
    lead = f"{named} · {access.case.person.name}"
    return page(request, form, access, title="Hủy giấy tờ ghi nhầm", lead=lead, deed="Hủy giấy tờ")
