"""Tokens that programs bring to the API, and the campaigns and units in their reach."""

from django.utils import timezone

from campaigns.models import Campaign, Organization
from pingyi.addresses import client_address
from pingyi.throttle import Throttle, faceless

from ...api.reach import readable_campaigns, scope_in_reach
from ...api.tokens import note_use, token_with
from ...committee.progress import polls_progress
from ...models import ApiToken
from ...scope import Scope
from .address import key_in

# Each process counts for itself. A right token is never held up by others' wrong ones.
WRONG_TOKENS = Throttle(holds=20, a_minute=10)
REQUESTS = Throttle(holds=60, a_minute=60)


class ApiRefusal(Exception):
    """A request of the API that is refused, with the status and a sentence for whoever reads the answer."""

    def __init__(self, status: int, message: str):
        self.status, self.message = status, message
        super().__init__(message)


def bearer(request) -> ApiToken:
    """The token in the request's header, which the request keeps for the trail."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    today = timezone.localdate()
    token = token_with(secret.strip(), today=today) if scheme.lower() == "bearer" else None
    if token is None:
        raise _without_token(request)
    if REQUESTS.is_over(token.pk):
        raise ApiRefusal(429, "这个令牌请求得太多，请等一分钟再试。")
    note_use(token, today=today)
    request.token_brought = token
    return token


def _without_token(request) -> ApiRefusal:
    """The refusal of whoever brings no right token; the wrong ones are counted by address."""
    if not request.headers.get("Authorization"):
        return ApiRefusal(401, "请在请求头里带上令牌：Authorization: Bearer 令牌。令牌在单位页面的“数据接口”里生成。")
    if WRONG_TOKENS.is_over(faceless(client_address(request))):
        return ApiRefusal(429, "令牌错的次数多了，请等一分钟再试。")
    return ApiRefusal(
        401, "令牌不对、已经作废或者过期，或者生成它的人不再有这个单位的角色。请在单位页面的“数据接口”里另生成一个。"
    )


def campaign_in_reach(token: ApiToken, campaign_id: int) -> Campaign:
    """A campaign that has polls in the token's reach."""
    campaign = readable_campaigns(token).filter(pk=campaign_id).first()
    if campaign is None:
        raise ApiRefusal(404, "没有这个评议活动，或者它不在这个令牌的单位之内。")
    return campaign


def scope_asked(request, token: ApiToken, campaign: Campaign) -> Scope:
    """The part of a campaign that `?unit=` names, or all in the token's reach."""
    asked = Organization.objects.filter(pk=key_in(request, "unit")).first() if "unit" in request.GET else None
    scope = scope_in_reach(token, campaign, asked) if asked or "unit" not in request.GET else None
    if scope is None:
        raise ApiRefusal(404, "没有这个单位，或者它不在这个令牌的单位之内。unit 写活动的 units 里列出的 key。")
    return scope


def sealed_scope(request, token: ApiToken, campaign: Campaign) -> Scope:
    """The same, of which something is sealed."""
    scope = scope_asked(request, token, campaign)
    progress = polls_progress(scope.planned)
    if not progress.units:
        raise ApiRefusal(404, f"“{scope.unit}”在这次活动中没有评议点。")
    if not progress.sealed:
        raise ApiRefusal(403, f"“{scope.unit}”还没有封存的评议点，封存以后才有结果。")
    return scope
