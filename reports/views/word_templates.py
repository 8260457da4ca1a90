"""本单位模板: a unit's own Word file for its 小结."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.kept_files import Unsuitable, read_limited
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..files import word
from ..forms.word_template import WordTemplateForm
from ..word_templates.checking import LARGEST, check_template
from ..word_templates.fields import LISTED
from ..word_templates.keeping import content_of_template, put_template, take_template_out, template_for
from .downloads import DOCX
from .fetching.word_templates import organization_of_word_template, template_in_use
from .sending import attachment
from .summary import SummaryPages, download, poll_desk, unit_desk


@takes_files(LARGEST)
def word_template(request, organization_id):
    """The template that the unit uses, with the place to put one of its own."""
    organization = organization_of_word_template(request, organization_id)
    form = WordTemplateForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            content = read_limited(form.cleaned_data["file"])
            check_template(content)
        except Unsuitable as refusal:
            form.add_error("file", told(refusal))
        else:
            put_template(organization, content, by=request.user)
            messages.success(request, "模板已经上传。结果页的文件清单里，小结多了“本单位模板”。")
            return redirect("reports:word_template", organization.pk)
    template = template_for(organization)
    context = {
        "organization": organization,
        "template": template,
        "is_own": template is not None and template.organization_id == organization.pk,
        "form": form,
        "fields": [f"{{{{{name}}}}}" for name in LISTED],
    }
    return render(request, "reports/word_template.html", context)


@require_POST
def word_template_remove(request, organization_id):
    organization = organization_of_word_template(request, organization_id)
    if take_template_out(organization):
        messages.success(request, "模板已经移除。")
    return redirect("reports:word_template", organization.pk)


def word_template_file(request, organization_id):
    """The template that the unit uses, as it was uploaded."""
    template = template_in_use(organization_of_word_template(request, organization_id))
    return kept_file(template.file_name, kind="docx", name=f"小结模板-{template.organization.name}")


def word_template_sample(request, organization_id):
    organization_of_word_template(request, organization_id)
    return attachment(word.draw_sample_template(), name="小结模板（样例）.docx", content_type=DOCX)


@never_cache
def summary_on_template(request, poll_id):
    return _on_template(request, poll_desk(request, poll_id))


@never_cache
def campaign_summary_on_template(request, campaign_id):
    return _on_template(request, unit_desk(request, campaign_id))


def _on_template(request, desk: SummaryPages):
    template = content_of_template(template_in_use(desk.scope.organization))
    draw = partial(word.draw_from_template, template=template)
    return download(request, desk, draw=draw, ending="docx", content_type=DOCX)
