"""The scale that a questionnaire is answered on, where an office makes its own."""

from django.contrib import messages
from django.shortcuts import redirect

from .. import actions
from ..forms.scales import GradeFormSet, ScaleForm, grade_rows
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import visible_questionnaire
from .posting import posted


@refuses_when_frozen
def scale_edit(request, questionnaire_id):
    questionnaire = visible_questionnaire(request, questionnaire_id)
    campaign = configurable(request, questionnaire.campaign_id)
    scale = questionnaire.scale
    name = scale.name if scale.is_own else ""
    form = ScaleForm(posted(request), initial={"name": name})
    formset = GradeFormSet(posted(request), initial=grade_rows(scale))
    if form.is_valid() and formset.is_valid():
        with actions.targets_following(campaign):
            questionnaire.scale = actions.own_scale(form.cleaned_data["name"], formset.grades)
            questionnaire.save(update_fields=["scale"])
        messages.success(request, f"“{questionnaire}”改用量表“{questionnaire.scale}”。")
        return redirect("campaigns:questionnaire_edit", questionnaire_id=questionnaire.pk)
    return render_step(
        request,
        "campaigns/scale_edit.html",
        campaign,
        form=form,
        formset=formset,
        questionnaire=questionnaire,
        heading="自定等次",
        current="评议表",
    )
