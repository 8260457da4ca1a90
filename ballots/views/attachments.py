"""Pictures and scans of the signed count sheet."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.kept_files import MOST_BYTES, Unsuitable
from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..counting import photos
from ..forms.paper import PhotoForm
from .fetching import photo_to_count, poll_to_count


@takes_files(MOST_BYTES)
def count_sheet_photos(request, poll_id):
    """The list, and the form that adds one."""
    poll = poll_to_count(request, poll_id)
    form = PhotoForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            photos.add_photo(poll, form.cleaned_data["photo"], by=request.user)
        except (Unsuitable, StateError) as problem:
            form.add_error(None, told(problem))
        else:
            messages.success(request, "已经保存。")
            return redirect("ballots:count_sheet_photos", poll_id=poll.pk)
    context = {
        "poll": poll,
        "form": form,
        "photos": poll.count_sheet_photos.select_related("added_by"),
        "is_removable": poll.state != Poll.State.SEALED,
    }
    return render(request, "ballots/count_sheet_photos.html", context)


def count_sheet_photo(request, photo_id):
    """The file itself: saved by the browser, never shown as a page of this site."""
    photo = photo_to_count(request, photo_id)
    name = f"计票结果报告单-{photo.poll.unit_name}-{photo.pk}"
    return kept_file(photo.file_name, kind=photo.kind, name=name)


@require_POST
def count_sheet_photo_remove(request, photo_id):
    photo = photo_to_count(request, photo_id)
    try:
        photos.remove_photo(photo)
    except StateError as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, "已经移除。")
    return redirect("ballots:count_sheet_photos", poll_id=photo.poll_id)
