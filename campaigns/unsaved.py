"""Words that are typed into a form: read from the page's script, and forgotten when the form was saved."""

import json

from django.contrib.messages import ERROR, get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from .models import UnsavedText

MOST_ADDRESS = 200
# More than any form takes.
MOST_CHARACTERS = 100_000
MOST_FIELDS = 200
# A field that the page's script adds to a form of which words are kept.
MARK = "words_kept"


def address_of_form(text: str) -> str:
    """The address of a form of this site, as it was sent; raises ValidationError."""
    try:
        resolve(text.partition("?")[0])
    except Resolver404:
        raise ValidationError("没有这样的表单。") from None
    if len(text) > MOST_ADDRESS:
        raise ValidationError(f"表单的地址有{len(text)}个字符，不能超过{MOST_ADDRESS}个。")
    return text


def words_of(text: str) -> dict[str, str]:
    """Words by the name of their field, from JSON; raises ValidationError."""
    try:
        words = json.loads(text)
    except ValueError:
        raise ValidationError("文字没有完整送到。") from None
    if not isinstance(words, dict) or not all(isinstance(typed, str) for typed in words.values()):
        raise ValidationError("文字应按“栏目：文字”送来。")
    if len(words) > MOST_FIELDS or sum(map(len, words.values())) > MOST_CHARACTERS:
        raise ValidationError(f"一张表单至多存{MOST_FIELDS}栏、{MOST_CHARACTERS}字。")
    return words


class ForgetSavedWords:
    """Forgets the kept words of a form once its view has taken it and sends on to another page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 302 and _has_kept_words(request) and not tells_of_refusal(request):
            UnsavedText.objects.of(request.user, request.get_full_path()).delete()
        return response

    def process_view(self, request, view, args, kwargs):
        """A request that is sent to the sign-in instead does not come here."""
        request.has_reached_its_view = request.method == "POST" and getattr(view, "login_required", True)


def _has_kept_words(request) -> bool:
    return getattr(request, "has_reached_its_view", False) and MARK in request.POST


def tells_of_refusal(request) -> bool:
    """Whether the page that follows will say that something went wrong."""
    told = get_messages(request)
    is_refused = any(message.level >= ERROR for message in told)
    # They were only looked at: the page has yet to show them.
    if isinstance(told, BaseStorage):
        told.used = False
    return is_refused
