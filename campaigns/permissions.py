"""Who may do what. Objects come through `visible_to(user)`; these sentences decide what may be done with a visible one.

A view calls `require(sentence(user, thing))`; a template asks the same sentence through `authority` in its context.
"""

from typing import Protocol

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef

from .models import Campaign, Organization, Poll, Role
from .models.reach import role_paths, within_paths

SECRETARY, TELLER, OFFICER, ADMINISTRATOR, AUDITOR = (
    Role.Kind.SECRETARY,
    Role.Kind.TELLER,
    Role.Kind.OFFICER,
    Role.Kind.ADMINISTRATOR,
    Role.Kind.AUDITOR,
)


class HasPath(Protocol):
    """An organization where it is now; a campaign, a poll or a unit of a campaign where it was when that opened."""

    @property
    def path(self) -> str: ...


def has_role(user, place: HasPath, *kinds: str) -> bool:
    """Whether a user has one of the roles at the place or above it."""
    paths = role_paths(user)
    return any(place.path.startswith(path) for kind in kinds for path in paths.get(kind, ()))


def paths_of(user, *kinds: str) -> set[str]:
    return {path for kind in kinds for path in role_paths(user).get(kind, ())}


def has_role_anywhere(user, *kinds: str) -> bool:
    return any(role_paths(user).get(kind) for kind in kinds)


def can_edit_roster(user, organization: Organization) -> bool:
    return has_role(user, organization, SECRETARY, ADMINISTRATOR)


def can_arrange(user, parent: Organization | None) -> bool:
    """Add, move or take out of use what stands below an organization; at the root (None) only a superuser."""
    if parent is None:
        return "" in role_paths(user).get(ADMINISTRATOR, ())
    return can_edit_roster(user, parent)


def can_delete_organization(user, organization: Organization) -> bool:
    """Take a unit out of the tree for good; the deed itself asks whether anything refers to it."""
    return can_arrange(user, organization.parent)


def can_import_roster(user) -> bool:
    return has_role_anywhere(user, SECRETARY, ADMINISTRATOR)


def organizations_of_roster(user):
    """The organizations whose roster the user keeps."""
    return Organization.objects.filter(within_paths(paths_of(user, SECRETARY, ADMINISTRATOR)))


def can_manage_accounts(user, organization: Organization) -> bool:
    return has_role(user, organization, ADMINISTRATOR)


def organizations_of_accounts(user):
    """The organizations at which the user gives and takes roles."""
    return Organization.objects.filter(within_paths(paths_of(user, ADMINISTRATOR)))


def accounts_visible_to(user):
    """Accounts with a role where the user is administrator; a superuser's account only superusers see."""
    if user.is_superuser:
        return User.objects.all()
    return User.objects.filter(
        Exists(Role.objects.filter(user=OuterRef("pk"), organization__in=organizations_of_accounts(user))),
        is_superuser=False,
    )


def can_edit_account(user, account) -> bool:
    """Rename, lock and reset the password of a visible account.

    Whoever sets a password can act with every role of the account, so all of them must lie where the user is
    administrator. An account changes its own password where the old one is asked for.
    """
    if account == user:
        return False
    elsewhere = account.roles.exclude(organization__in=organizations_of_accounts(user))
    return user.is_superuser or not (account.is_superuser or elsewhere.exists())


def can_give_roles(user, account) -> bool:
    """Give roles to a visible account: never to one's own, a superuser neither."""
    return account != user


def can_create_campaign(user, organization: Organization) -> bool:
    return has_role(user, organization, SECRETARY)


def can_configure(user, campaign: Campaign) -> bool:
    """Edit, rehearse and open a campaign: the organizer's secretary."""
    return has_role(user, campaign, SECRETARY)


def can_hand_down(user, organization: Organization) -> bool:
    """Hand forms down to the units at and below an organization, and take them back: its secretary."""
    return has_role(user, organization, SECRETARY)


def organizations_of_form_sets(user):
    """The organizations in whose name the user hands forms down."""
    return Organization.objects.active().filter(within_paths(paths_of(user, SECRETARY)))


def can_run(user, poll: Poll) -> bool:
    """Hand out codes, show the wall screen, enter meeting facts, close and seal: the unit's secretary."""
    return has_role(user, poll, SECRETARY)


def can_count(user, poll: Poll) -> bool:
    """Reconcile the numbers and print the count sheet: a teller or the secretary."""
    return has_role(user, poll, TELLER, SECRETARY)


def can_see_results(user, poll: Poll) -> bool:
    """Results exist for nobody before the seal (DESIGN 6); afterwards for all but the administrator of accounts."""
    return poll.state == Poll.State.SEALED and has_role(user, poll, SECRETARY, TELLER, OFFICER)


def can_read_opinions(user, poll: Poll) -> bool:
    """Read what participants wrote, after the seal: whoever answers for it may, whoever counts may not."""
    return poll.state == Poll.State.SEALED and has_role(user, poll, SECRETARY, OFFICER)


def can_gather(user, poll: Poll) -> bool:
    """Record opinions that came beside the ballots, and read those: whoever answers for the unit, and those above."""
    return poll.state in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED) and has_role(
        user, poll, SECRETARY, OFFICER
    )


def can_gather_on_drafts(user, poll: Poll) -> bool:
    """Record opinions on a draft, and what became of them: the same people, and before the opening too."""
    return poll.state != Poll.State.REHEARSING and has_role(user, poll, SECRETARY, OFFICER)


def can_key_sheets(user, poll: Poll) -> bool:
    """Count 征求意见表 and key what is on them: a teller or the secretary. Keying shows nobody what others keyed."""
    return poll.state in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED) and can_count(user, poll)


def can_keep_letterbox(user, organization: Organization) -> bool:
    """Open and shut a unit's 意见箱, read and answer what is in it: its secretary; those above read what is brought on."""
    return has_role(user, organization, SECRETARY)


def can_keep_tokens(user, organization: Organization) -> bool:
    """Let programs read what the user may read of a unit's results, and end that: those who answer for it and those above."""
    return has_role(user, organization, SECRETARY, OFFICER)


def can_keep_webhook(user, organization: Organization) -> bool:
    """Say at which address the robot of a unit's group takes notices: the administrator of its accounts."""
    return has_role(user, organization, ADMINISTRATOR)


def can_keep_word_template(user, organization: Organization) -> bool:
    """Put a unit's own Word file in the place of the standard one, and take it out: its secretary."""
    return has_role(user, organization, SECRETARY)


def can_see_windows(user, organization: Organization) -> bool:
    """See a unit's windows with their sums and the words left there: those who answer for it and those above."""
    return has_role(user, organization, SECRETARY, OFFICER)


def can_keep_persons(user, organization: Organization) -> bool:
    """Show, hand over, correct and delete what is held of a unit's members: its secretary, to whom members turn."""
    return has_role(user, organization, SECRETARY)


def can_keep_windows(user, organization: Organization) -> bool:
    """Set up a unit's windows, open and shut them, and mask words: its secretary."""
    return has_role(user, organization, SECRETARY)


def can_take_windows(user, poll: Poll) -> bool:
    """Take sums of windows into a poll's campaign, from the opening on: the unit's secretary."""
    return can_gather(user, poll) and can_run(user, poll)


def can_see_sums(user, unit: HasPath) -> bool:
    """Sums over a unit and all below it; which polls are sealed decides what is in them."""
    return has_role(user, unit, SECRETARY, TELLER, OFFICER)


def paths_of_sums(user) -> set[str]:
    """The subtrees over which the user sees sums."""
    return paths_of(user, SECRETARY, TELLER, OFFICER)


def can_see_some_sums(user, campaign: Campaign) -> bool:
    """Whether any unit of the campaign is one whose sums the user may see."""
    top = campaign.path
    return any(path.startswith(top) or top.startswith(path) for path in paths_of_sums(user))


def can_write_summary(user, poll: Poll) -> bool:
    return poll.state == Poll.State.SEALED and has_role(user, poll, SECRETARY)


def can_read_trail(user) -> bool:
    """Read who did what: an auditor of the own subtree, a superuser of everything."""
    return user.is_superuser or has_role_anywhere(user, AUDITOR)


def require(allowed: bool) -> None:
    """403 for a visible thing that the user may not do this with."""
    if not allowed:
        raise PermissionDenied


class Authority:
    """The permissions that templates ask for: an attribute for each menu entry, a method for each sentence above."""

    def __init__(self, user):
        self.user = user

    @property
    def is_secretary(self):
        return has_role_anywhere(self.user, SECRETARY)

    @property
    def is_teller(self):
        return has_role_anywhere(self.user, TELLER)

    @property
    def is_officer(self):
        return has_role_anywhere(self.user, OFFICER)

    @property
    def is_administrator(self):
        return has_role_anywhere(self.user, ADMINISTRATOR)

    @property
    def is_auditor(self):
        return can_read_trail(self.user)


def authority_context(request):
    """Template context: `authority`."""
    return {"authority": Authority(request.user)} if hasattr(request, "user") else {}
