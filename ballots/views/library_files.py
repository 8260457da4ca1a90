"""Sets of forms out of a file, into the keeping of an organization."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render

from campaigns.models import FormSet
from campaigns.permissions import SECRETARY, has_role_anywhere, organizations_of_form_sets, require
from campaigns.views.posting import posted, posted_files
from pingyi.bodies import takes_files

from ..campaign_file import InvalidFile
from ..campaign_file.library_checking import MAX_LIBRARY_BYTES, read_library_file
from ..forms.library_files import LibraryFileForm

SHOWN_PROBLEMS = 50


@takes_files(MAX_LIBRARY_BYTES)
def form_set_import(request):
    require(has_role_anywhere(request.user, SECRETARY))
    organizations = organizations_of_form_sets(request.user)
    form = LibraryFileForm(posted(request), posted_files(request), organizations=organizations)
    problems: list[str] = []
    if form.is_valid():
        try:
            contents = read_library_file(form.cleaned_data["file"].read())
            return _keep(request, form.cleaned_data["organization"], contents)
        except InvalidFile as refusal:
            problems = [str(problem) for problem in refusal.problems]
        except IntegrityError:
            problems = [f"$.title：该单位已有名为“{contents['title']}”的规范表格；内容有变动的，换一个名称。"]
    context = {"form": form, "problems": problems[:SHOWN_PROBLEMS], "problem_count": len(problems)}
    return render(request, "ballots/form_set_import.html", context)


def _keep(request, organization, contents):
    with transaction.atomic():
        form_set = FormSet.objects.create(
            organization=organization,
            title=contents["title"],
            note=contents["note"],
            contents=contents,
            issued_by=request.user,
        )
    messages.success(request, f"“{form_set}”已经导入，{organization}和下级各单位都可以选用。")
    return redirect("campaigns:form_set_detail", form_set_id=form_set.pk)
