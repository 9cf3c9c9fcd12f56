"""A second branch's wish: answered by the committee over both, read by the branch."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.log import write
from cells.organisations.models import Organisation
from cells.people import rights
from membership.claims import deeds
from membership.forms.claims import AnswerForm, ReadForm
from membership.models import SecondClaim
from membership.views.access import Access, of_unit
from membership.views.deeds import FORM_METHODS, attempt, posted, say


@require_http_methods(FORM_METHODS)
def claim_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Both branches, and the words of the committee over them (`code`)."""
    access = of_unit(request, code, rights.EXAMINE)
    second = _one(SecondClaim.objects.put_to([access.unit.pk], on=access.today), pk)
    write.read(actor=request.user, subject="second_claim", subject_id=pk, organisation=access.unit)
    form = AnswerForm(posted(request), today=access.today)
    if request.method == "POST":
        text = form.data.get("answer", "")
        if attempt(form, lambda: deeds.answer(second, text, actor=request.user, today=access.today)):
            say(request, f"Đã trả lời {_names(access, second)['organisation']}.")
            return redirect("home")
    return _page(request, access, second, form, title="Trả lời chi bộ", deed="Gửi trả lời", whole=True)


@require_http_methods(FORM_METHODS)
def claim_told(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What the branch (`code`) asked and was answered; nothing of where the person is."""
    access = of_unit(request, code, rights.BRANCH_WORK)
    second = _one(SecondClaim.objects.of([access.unit.pk], on=access.today), pk)
    form = ReadForm(posted(request), today=access.today)
    if request.method == "POST" and attempt(form, lambda: deeds.read(second, actor=request.user, today=access.today)):
        return redirect("home")
    return _page(request, access, second, form, title="Trả lời của cấp ủy", deed="Đã đọc", whole=False)


def _one(found: Any, pk: int) -> SecondClaim:
    second = found.select_related("person").filter(pk=pk).first()
    if second is None:
        raise Http404
    return second


def _page(
    request: HttpRequest,
    access: Access,
    second: SecondClaim,
    form: AnswerForm | ReadForm,
    *,
    title: str,
    deed: str,
    whole: bool,
) -> HttpResponse:
    names = _names(access, second)
    answer = f"{second.answer} ({vietnamese.day(second.answered_on)})" if second.answered_on else "Chưa trả lời."
    facts = [
        ("Họ và tên", second.person.name),
        ("Sinh", second.person.born_text),
        ("Chi bộ đề nghị theo dõi", f"{names['organisation']}, ngày {vietnamese.day(second.asked_on)}"),
        *([("Đang được theo dõi hoặc sinh hoạt ở", names["elsewhere"])] if whole else []),
        ("Trả lời", answer),
    ]
    open_to = second.answered_on is None if whole else second.answered_on is not None and second.read_on is None
    context = access.frame() | {
        "title": title,
        "deed": deed,
        "form": form,
        "facts": [{"name": name, "value": value} for name, value in facts],
        "open": open_to,
        "cancel_url": reverse("home"),
    }
    return render(request, "membership/claim.html", context)


def _names(access: Access, second: SecondClaim) -> dict[str, str]:
    units = Organisation.objects.filter(pk__in=[second.organisation_id, second.elsewhere_id]).styled(access.today)
    names = {unit.pk: unit.name for unit in units}
    return {name: names.get(getattr(second, f"{name}_id"), "") for name in ("organisation", "elsewhere")}
