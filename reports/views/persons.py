"""The data of a person on the roster: the secretary shows it, hands it over, corrects and deletes it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.forms.seen import save_seen
from campaigns.marks import export_mark
from campaigns.models import Member
from campaigns.views.confirming import grave
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..files import pdf
from ..forms.persons import HandOverForm, PersonCorrectForm, PersonDeleteForm
from ..persons.actions import StillNeeded, correct_person, delete_person, note_hand_over
from ..persons.content import person_content
from ..persons.deletion import deletion_plan
from .fetching.persons import organization_of_persons, person_to_keep
from .sending import PDF, attachment

DEEDS_PER_PAGE = 50


@never_cache
def person(request, member_id):
    return _page(request, person_to_keep(request, member_id))


@never_cache
@require_POST
def person_file(request, member_id):
    """Everything held of a person, as a file for that person."""
    member = person_to_keep(request, member_id)
    form = HandOverForm(posted(request))
    if not form.is_valid():
        return _page(request, member, hand_over_form=form)
    note_hand_over(member, by=request.user, reason=form.cleaned_data["reason"])
    body = pdf.person_sheet(person_content(member), mark=export_mark(request.user))
    return attachment(body, name=f"个人资料-{member.name}.pdf", content_type=PDF)


@require_POST
def person_correct(request, member_id):
    member = person_to_keep(request, member_id)
    form = PersonCorrectForm(posted(request), instance=member, prefix="correct")
    deeds = []
    if save_seen(form, lambda: deeds.append(_corrected(request, member, form))):
        messages.success(request, "已更正，并留下记录。" if any(deeds) else "没有改动。")
        return redirect("reports:person", member_id)
    return _page(request, Member.objects.select_related("organization").get(pk=member_id), correct_form=form)


def _corrected(request, member: Member, form: PersonCorrectForm):
    return correct_person(member, form.columns, by=request.user, reason=form.cleaned_data["reason"])


@grave
def person_delete(request, member_id):
    """The plan of a deletion; sent with a reason, it is done."""
    member = person_to_keep(request, member_id)
    form = PersonDeleteForm(posted(request), name=member.name)
    if form.is_valid():
        try:
            deed = delete_person(member, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"已删除：{deed.detail}。办理记录里没有姓名。")
            return redirect("reports:person_deeds", deed.organization_id)
        except StillNeeded as refusal:
            form.add_error(None, told(refusal))
    context = {
        "member": member,
        "organization": member.organization,
        "form": form,
        "plan": deletion_plan(member),
    }
    return render(request, "reports/person_delete.html", context)


def person_deeds(request, organization_id):
    """The record of deeds with the data of a unit's members."""
    organization = organization_of_persons(request, organization_id)
    deeds = organization.person_deeds.select_related("member", "done_by")
    context = {"organization": organization, "page": Paginator(deeds, DEEDS_PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "reports/person_deeds.html", context)


def _page(request, member: Member, *, hand_over_form=None, correct_form=None):
    context = {
        "member": member,
        "organization": member.organization,
        "content": person_content(member),
        "hand_over_form": hand_over_form or HandOverForm(),
        "correct_form": correct_form or PersonCorrectForm(instance=member, prefix="correct"),
    }
    return render(request, "reports/person.html", context)
