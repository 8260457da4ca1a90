"""The read-only web API: for programs with a token, never for a browser's session."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse

from ballots.counting.tally import IdentityError

from ..api.content import campaign_answer, campaigns_answer
from ..api.description import description
from ..api.reach import readable_campaigns, readable_units
from ..tables import tally_format
from .fetching.api import ApiRefusal, bearer, campaign_in_reach, scope_asked, sealed_scope

JSON = {"ensure_ascii": False}
# Of the answers that tell when to ask again.
SECONDS_TO_WAIT = "60"


def answers_programs(view):
    """A view that only reads, asks nobody to log in, and refuses in JSON."""

    @wraps(view)
    def answered(request, **arguments):
        try:
            if request.method not in ("GET", "HEAD"):
                raise ApiRefusal(405, "接口只能读取，只接受 GET 和 HEAD。")
            response = view(request, **arguments)
        except ApiRefusal as refusal:
            response = _refused(refusal)
        # No browser that is led here takes the answer for a page.
        response.headers.setdefault("Content-Disposition", "attachment")
        return response

    return login_not_required(answered)


def _refused(refusal: ApiRefusal) -> HttpResponse:
    body = {"status": refusal.status, "message": refusal.message}
    response = JsonResponse(body, status=refusal.status, json_dumps_params=JSON)
    header = {
        401: ("WWW-Authenticate", 'Bearer realm="pingyi"'),
        405: ("Allow", "GET, HEAD"),
        429: ("Retry-After", SECONDS_TO_WAIT),
    }
    if refusal.status in header:
        name, value = header[refusal.status]
        response[name] = value
    return response


@answers_programs
def api_campaigns(request):
    return JsonResponse(campaigns_answer(readable_campaigns(bearer(request))), json_dumps_params=JSON)


@answers_programs
def api_campaign(request, campaign_id):
    token = bearer(request)
    campaign = campaign_in_reach(token, campaign_id)
    units = readable_units(scope_asked(request, token, campaign))
    return JsonResponse(campaign_answer(campaign, units), json_dumps_params=JSON)


@answers_programs
def api_tally_json(request, campaign_id):
    return HttpResponse(tally_format.to_json(_tally(request, campaign_id)), content_type="application/json")


@answers_programs
def api_tally_csv(request, campaign_id):
    return HttpResponse(tally_format.to_csv(_tally(request, campaign_id)), content_type="text/csv; charset=utf-8")


def _tally(request, campaign_id: int) -> tally_format.Tally:
    """The same document as the command `tally` writes, with `--unit` where not the whole campaign is asked for."""
    token = bearer(request)
    campaign = campaign_in_reach(token, campaign_id)
    scope = sealed_scope(request, token, campaign)
    is_whole = "unit" not in request.GET and scope.unit.path == campaign.path
    try:
        return tally_format.build(campaign, unit=None if is_whole else scope.organization)
    except IdentityError as error:
        raise ApiRefusal(422, f"{error}。请先在网页的评议结果里查明。") from error


@answers_programs
def api_description(request):
    """The description of all of it, for programs and for those who write them."""
    return HttpResponse(description(), content_type="application/json")


@answers_programs
def api_unknown(request, rest):
    raise ApiRefusal(404, "接口里没有这个地址。有哪些地址，见 /api/v1/openapi.json。")
