"""The tree of organizations, and the page of one with its members and commitments."""

from collections import Counter
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.db.models.functions import Length, Substr
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from .. import actions
from ..forms.lists import CommitmentsHereForm, MemberFilterForm, has_text
from ..forms.organizations import OrganizationForm
from ..forms.seen import save_seen
from ..listing import Head, Listing, in_order_of
from ..models import Commitment, Member, Organization
from ..models.place import STEP
from ..models.reach import visible_paths
from ..permissions import (
    can_arrange,
    can_delete_organization,
    can_edit_roster,
    can_import_roster,
    can_keep_letterbox,
    can_keep_persons,
    can_keep_tokens,
    can_keep_webhook,
    can_keep_word_template,
    can_see_windows,
    require,
)
from ..pinyin import ByPinyin
from .fetching import organization_to_edit, visible_organization
from .posting import posted
from .refusing import told

PER_PAGE = 50
UNITS_PER_PAGE = 100
UNIT_HEADS = (
    Head("名称", "name", (ByPinyin("name"),)),
    Head("上级", "parent", ("parent__path",)),
    Head("类别", "kind", (in_order_of("kind", Organization.Kind.values),)),
    Head("在册党员", "members", ("member_count",), is_number=True),
)
MEMBER_HEADS = (
    Head("姓名", "name", (ByPinyin("name"),)),
    Head("党员状态", "status", (in_order_of("status", Member.Status.values),)),
    Head("职务", "post", (in_order_of("post", Member.Post.values),)),
)
COMMITMENT_HEADS = (
    Head("承诺人", "by", (ByPinyin("member__name"),)),
    Head("内容"),
    Head("完成时限", "due", ("due_on",)),
    Head("兑现情况", "status", (in_order_of("status", Commitment.Status.values),)),
)
# A larger tree is folded: two levels are listed, and each unit opens those below it.
WHOLE_TREE = 60


def organization_list(request):
    """The part of the tree that the user sees, or the organizations whose name has the sought words in it."""
    visible = Organization.objects.visible_to(request.user)
    sought = request.GET.get("q", "").replace("\0", "").strip()  # PostgreSQL takes no NUL
    top = visible_organization(request, request.GET["below"]) if "below" in request.GET else None
    shown = visible.within(top) if top else visible
    context = {
        "sought": sought,
        "top": top,
        "can_add_root": can_arrange(request.user, None),
        "can_import": can_import_roster(request.user),
        **(_found(request, shown.filter(has_text(sought, "name"))) if sought else _tree(request, shown)),
    }
    return render(request, "campaigns/organization_list.html", context)


def _found(request, shown) -> dict:
    """Units found by their names."""
    listing = Listing(request.GET, _with_counts(shown), UNIT_HEADS, size=UNITS_PER_PAGE)
    return {"listing": listing, "page": listing.page, "rows": list(listing.page)}


def _tree(request, shown) -> dict:
    """The whole tree with its sums, or two levels of a large one."""
    rows = list(_with_counts(shown)[: WHOLE_TREE + 1])
    if len(rows) > WHOLE_TREE:
        return _folded(request, shown)
    return {
        "is_folded": False,
        "rows": _indented(rows, min((len(row.path) for row in rows), default=0)),
        "kinds": Counter(row.get_kind_display() for row in rows if row.is_active).most_common(),
        "member_total": sum(row.member_count for row in rows),
    }


def _folded(request, shown) -> dict:
    """Two levels, a page of them, each unit with the number of those below it; the sums are those of the whole tree."""
    highest = shown.aggregate(length=Min(Length("path")))["length"]
    listed = _with_counts(shown.alias(length=Length("path")).filter(length__lte=highest + STEP))
    page = Paginator(listed, UNITS_PER_PAGE).get_page(request.GET.get("page"))
    rows = _indented(list(page), highest)
    below = _counts_below(shown, highest + STEP)
    for row in rows:
        row.folded_count = below.get(row.path, 1) - 1
    return {
        "is_folded": True,
        "page": page,
        "rows": rows,
        "kinds": _kinds(shown),
        "member_total": _members_of(shown).active().count(),
    }


def _members_of(shown):
    """The members of some organizations; of all of them without asking whose each is."""
    is_everything = shown.count() == Organization.objects.count()
    return Member.objects.all() if is_everything else Member.objects.filter(organization__in=shown)


def _with_counts(shown):
    return shown.with_member_count().select_related("parent")


def _indented(rows: list[Organization], highest: int) -> list[Organization]:
    """The rows with their levels below paths of a length."""
    for row in rows:
        row.indent = (len(row.path) - highest) // STEP
    return rows


def _counts_below(shown, length: int) -> dict[str, int]:
    """By paths of a length: how many units there are at and below each."""
    parts = shown.annotate(part=Substr("path", 1, length)).order_by().values_list("part")
    return {path: count for path, count in parts.annotate(Count("pk")) if len(path) == length}


def _kinds(shown) -> list[tuple[str, int]]:
    """The kinds of the units in use, most frequent first, with how many there are."""
    counts = dict(shown.active().order_by().values_list("kind").annotate(Count("pk")))
    return Counter({kind.label: counts[kind] for kind in Organization.Kind if kind in counts}).most_common()


def organization_add(request):
    """A new organization below `?below=`, or a new root."""
    parent = None
    if request.GET.get("below"):
        parent = visible_organization(request, request.GET["below"])
    require(can_arrange(request.user, parent))
    form = OrganizationForm(posted(request), user=request.user, instance=Organization(parent=parent))
    if form.is_valid():
        try:
            organization = form.save(by=request.user)
        except actions.TreeError as error:
            form.add_error(None, told(error))
        else:
            messages.success(request, f"已新增“{organization}”。")
            return redirect("campaigns:organization_detail", organization.pk)
    context = {"form": form, "parent": parent, "path": _path(request, parent)}
    return render(request, "campaigns/organization_form.html", context)


def organization_detail(request, organization_id):
    organization = visible_organization(request, organization_id)
    filters, can_edit = MemberFilterForm(request.GET), can_edit_roster(request.user, organization)
    of_unit = filters.apply(organization.members.order_by("-is_active", "pk"))
    members = Listing(request.GET, of_unit, _with_deeds(MEMBER_HEADS, can_edit), size=PER_PAGE)
    here = CommitmentsHereForm(request.GET)
    kept = here.apply(organization.commitments.select_related("member"))
    heads = _with_deeds(COMMITMENT_HEADS, can_edit)
    commitments = Listing(request.GET, kept, heads, size=PER_PAGE, prefix="commitments_", page="commitments")
    context = {
        "organization": organization,
        "path": _path(request, organization),
        "children": organization.children.with_member_count().select_related("parent"),
        "filters": filters,
        "members": members,
        "commitments": commitments,
        "here": here,
        "changes": organization.changes.select_related("by"),
        "can_keep_letterbox": can_keep_letterbox(request.user, organization),
        "can_keep_persons": can_keep_persons(request.user, organization),
        "can_keep_tokens": can_keep_tokens(request.user, organization),
        "can_keep_webhook": can_keep_webhook(request.user, organization),
        "can_keep_word_template": can_keep_word_template(request.user, organization),
        "can_see_windows": can_see_windows(request.user, organization),
        "can_edit": can_edit,
        "can_arrange": can_arrange(request.user, organization.parent),
        "can_delete": _is_deletable(
            request.user, organization, members.count or commitments.count or filters.is_narrowed or here.is_narrowed
        ),
    }
    return render(request, "campaigns/organization_detail.html", context)


def _with_deeds(heads: tuple[Head, ...], can_edit: bool) -> tuple[Head, ...]:
    return (*heads, Head("操作", is_deeds=True)) if can_edit else heads


def _is_deletable(user, organization, has_rows) -> bool:
    """Whether the page offers to delete a unit; the rows that it shows are answer enough."""
    allowed = can_delete_organization(user, organization)
    return allowed and not has_rows and not actions.references_to(organization)


@require_POST
def organization_delete(request, organization_id):
    """Take a unit that nothing refers to out of the tree."""
    organization = visible_organization(request, organization_id)
    require(can_delete_organization(request.user, organization))
    parent = organization.parent_id
    try:
        actions.delete_organization(organization)
    except actions.TreeError as error:
        messages.error(request, told(error))
        return redirect("campaigns:organization_detail", organization_id)
    messages.success(request, f"已删除“{organization}”。")
    return redirect("campaigns:organization_detail", parent) if parent else redirect("campaigns:organization_list")


def organization_edit(request, organization_id):
    organization = organization_to_edit(request, organization_id)
    path = _path(request, organization)
    form = OrganizationForm(posted(request), user=request.user, instance=organization)
    try:
        is_saved = save_seen(form, partial(form.save, by=request.user))
    except actions.TreeError as error:
        is_saved = False
        form.add_error("parent", told(error))
    if is_saved:
        messages.success(request, f"已保存“{organization}”。")
        return redirect("campaigns:organization_detail", organization.pk)
    context = {"form": form, "organization": Organization.objects.get(pk=organization.pk), "path": path}
    return render(request, "campaigns/organization_form.html", context)


@require_POST
def organization_deactivate(request, organization_id):
    return _switch(request, organization_id, actions.deactivate_organization, "已停用")


@require_POST
def organization_activate(request, organization_id):
    return _switch(request, organization_id, actions.activate_organization, "已启用")


def _switch(request, organization_id, deed, done):
    organization = visible_organization(request, organization_id)
    require(can_arrange(request.user, organization.parent))
    try:
        deed(organization, by=request.user)
    except actions.TreeError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, f"{done}“{organization}”。")
    return redirect("campaigns:organization_detail", organization.pk)


def _path(request, organization):
    """The organizations from the root down to this one, for the breadcrumb; those above the user's own have no link."""
    if organization is None:
        return []
    own = visible_paths(request.user)
    path = list(Organization.objects.filter(path__in=organization.ancestor_paths))
    for organization_above in path:
        organization_above.is_link = any(organization_above.path.startswith(start) for start in own)
    return path
