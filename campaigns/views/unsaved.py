"""Words that a page's script keeps while they are typed."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..models import UnsavedText
from ..unsaved import address_of_form, words_of
from .posting import posted


@require_http_methods(["GET", "POST"])
def unsaved_text(request):
    """GET: the words kept for the form in `form`, and when, as JSON. POST: keep `words`; none at all forgets them."""
    sent = posted(request)
    try:
        if sent is None:
            return JsonResponse(_kept(request.user, address_of_form(request.GET.get("form", ""))))
        _keep(request.user, address_of_form(sent.get("form", "")), words_of(sent.get("words", "")))
        return HttpResponse(status=204)
    except ValidationError as refusal:
        return JsonResponse({"error": refusal.message}, status=400)


def _kept(user, form: str) -> dict:
    kept = UnsavedText.objects.of(user, form).first()
    return {"words": kept.words, "kept_at": _moment(kept.kept_at)} if kept else {}


def _keep(user, form: str, words: dict[str, str]) -> None:
    if words:
        UnsavedText.objects.keep(user, form, words)
    else:
        UnsavedText.objects.of(user, form).delete()


def _moment(at) -> str:
    local = timezone.localtime(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
