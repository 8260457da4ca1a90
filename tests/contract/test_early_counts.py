"""Before the seal nobody, administrators included, gets a count of anything but turnout in steps (DESIGN 6).

Opens every page and download there is, as everybody who has an account, while a poll holds ballots whose numbers would be
recognised anywhere. A sister poll of the same campaign is sealed, so that there are results to mix them into.
"""

import re
import subprocess
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Ballot, Code, Opinion
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText
from campaigns import actions
from campaigns.form_sets.actions import hand_down
from campaigns.year_plan.planning import make_plan
from reports.api.tokens import make_token
from reports.ledger.measures import add_measure
from reports.window.taking import take_into
from tests.factories import (
    close_poll,
    enter_ballots,
    make_api_token,
    make_batch,
    make_campaign,
    make_cast,
    make_comment,
    make_document,
    make_draft,
    make_forum,
    make_gathered,
    make_letter,
    make_long_deed,
    make_organization,
    make_problem,
    make_user,
    make_window,
)
from tests.permissions.table import patterns
from tests.reports.scoring.rated import adjust, key_scores, make_scheme

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.django_db]

# By phone, and on paper: how many bear which marks.
PHONE = {"11": 613, "12": 409, "23": 257}
PAPER = {"11": 883, "32": 769}
OPINION = "这条意见在封存之前谁也看不到"
# A rater's sheet.
SHEET = (287, 193, 479)
SISTER = {"11": 5, "33": 7}


def forbidden(*, is_closed):
    """The numbers that no page may show, as they would be written: counts of answers, and rates of them.

    While the poll is open the number of ballots is one of them; the rates are those that nobody would set as a rule.
    """
    counts = {*PHONE.values(), *PAPER.values()}
    for place in (0, 1):
        for mark in "123":
            for boxes in ((PHONE,), (PAPER,), (PHONE, PAPER)):
                counts.add(sum(count for box in boxes for marks, count in box.items() if marks[place] == mark))
    by_phone, on_paper = sum(PHONE.values()), sum(PAPER.values())
    totals = {by_phone, on_paper, by_phone + on_paper, by_phone + on_paper + sum(SISTER.values())}
    rates = {f"{100 * count / total:.1f}" for count in counts for total in totals if 0 < count < total}
    numbers = (counts | totals) if not is_closed else (counts - totals)
    numbers |= {*SHEET, sum(SHEET)}
    return {str(number) for number in numbers if number}, {rate for rate in rates if not rate.endswith(".0")}


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    people = make_cast(make_organization())
    people.superuser = make_user("root", is_superuser=True)
    return people


def number_rows_far_from_counts():
    """PostgreSQL goes on numbering rows where the last test ended: a key in an address would be taken for a count."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, greatest(coalesce(last_value, 1), 100000))"
                " FROM pg_sequences WHERE schemaname = current_schema()"
            )


@pytest.fixture
def poll(people):
    """An open poll with recognisable numbers of ballots, by phone and on paper."""
    number_rows_far_from_counts()
    sister = make_organization("第一党支部", parent=people.organization, kind="branch")
    campaign = make_campaign(people.organization)
    people.raters = list(make_scheme(campaign).raters.all())
    actions.make_polls(campaign, [people.organization, sister])
    own = campaign.polls.get(organization=people.organization)
    people.draft = make_draft(make_document(own))
    ballot_actions.open_campaign(campaign, by=None)
    sealed = campaign.polls.get(organization=sister)
    enter_ballots(make_batch(sealed, method="entered"), SISTER)
    close_poll(sealed)
    sealing.seal(sealed, by=None)
    poll = campaign.polls.get(organization=people.organization)
    fill_phone_batch(make_batch(poll))
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), PAPER)
    # The ledger and the comments do not wait for the seal.
    people.problem = make_problem(people.organization, campaign=campaign)
    add_measure(people.problem.pk, {"content": "改进窗口服务"}, by=people.secretary)
    people.form_set = hand_down(campaign, title="规范表格", note="", by=None)
    people.comment = make_comment(campaign, people.organization)
    # Raters' sheets and points come in meanwhile.
    key_scores(poll, "群众代表", *[SHEET] * 5)
    people.adjustment = adjust(poll, 5)
    # Nor do opinions that come beside the ballots.
    people.gathered, people.forum = make_gathered(poll), make_forum(poll, "停车难")
    people.api_token = make_api_token(people.organization, by=people.secretary)
    until = timezone.localdate() + timedelta(days=30)
    people.secrets = {
        role: make_token(people.organization, name=role, expires_on=until, by=getattr(people, role))
        for role in ("secretary", "officer")
    }
    people.plan = make_plan(people.organization, year=2027, pattern="once", by=None)
    people.plan.periods.update(campaign=campaign)
    people.letter = make_letter(people.organization)
    # Taps at a window are there all year.
    people.window = make_window(people.organization, (date(2015, 3, 4), (8, 1, 1)))
    people.window.words.create(text="叫号声音太小", week_on=date(2015, 2, 23))
    take_into(poll, people.window, first_on=date(2015, 3, 4), last_on=date(2015, 3, 4), by=None)
    return poll


def fill_phone_batch(batch):
    """Cast one ballot and write the others beside it: casting so many would take long."""
    slips = codes.make_slips(batch, 2000)
    target = batch.poll.targets.get()
    casting.cast(ticket=codes.exchange(slips[0]), key="key", marks="11", opinions=[OpinionText(target.pk, OPINION)])
    missing = {**PHONE, "11": PHONE["11"] - 1}
    ballots = [Ballot(batch=batch, marks=marks) for marks, count in missing.items() for _ in range(count)]
    Ballot.objects.bulk_create(ballots)
    spent = Code.objects.filter(batch=batch).values_list("pk", flat=True)[: len(ballots)]
    Code.objects.filter(pk__in=list(spent)).delete()
    assert sealing.collected(batch) == sum(PHONE.values())


def addresses(poll, people):
    """Every route with everything it could be about: this poll's objects, and those of its campaign."""
    campaign = poll.campaign
    choices = {
        "organization_id": [people.organization.pk],
        "campaign_id": [campaign.pk],
        "poll_id": [poll.pk],
        "questionnaire_id": [questionnaire.pk for questionnaire in campaign.questionnaires.all()],
        "batch_id": [batch.pk for batch in poll.batches.all()],
        "user_id": [people.teller.pk],
        "role_id": [people.teller.roles.get().pk],
        "member_id": [1],
        "commitment_id": [1],
        "keying_id": [1],
        "photo_id": [1],
        "number": [1],
        "code": ["AAAAA-AAAAA"],
        "rule": ["org-dissatisfied-third"],
        "form_set_id": [people.form_set.pk],
        "target_id": [target.pk for target in poll.targets.all()],
        "indicator_id": [1],
        "opinion_id": [Opinion.objects.get(origin=None).pk],
        "origin_id": [people.gathered.pk],
        "forum_id": [people.forum.pk],
        "letter_id": [people.letter.pk],
        "window_id": [people.window.pk],
        "window_token": [people.window.token],
        "word_id": [people.window.words.get().pk],
        "taking_id": [people.window.takings.get().pk],
        "problem_id": [people.problem.pk],
        "measure_id": [people.problem.measures.get().pk],
        "comment_id": [people.comment.pk],
        "stage_id": [1],
        "artefact_id": [1],
        "file_id": [1],
        "document_id": [people.draft.document_id],
        "draft_id": [people.draft.pk],
        "plan_id": [people.plan.pk],
        "period_id": [people.plan.periods.get().pk],
        "deed_id": [make_long_deed(campaign, people.secretary, ended="已经办完。").pk],
        # These are made of sealed results alone.
        "superior_mark_id": [1],
        "announcement_id": [1],
        "objection_id": [1],
        "export_id": [1],
        "finding_id": [1],
        "consequence_id": [1],
        "appeal_id": [1],
        "token": ["unknown"],
        "box_token": [people.letter.letterbox.token],
        "rater_id": [rater.pk for rater in people.raters],
        "adjustment_id": [people.adjustment.pk],
        "reason": ["over"],
        "token_id": [people.api_token.pk],
        # A roster is nobody's vote.
        "import_id": [1],
        "rest": ["unknown"],
        "slug": ["start"],
    }
    for name, arguments in patterns():
        several = [argument for argument in arguments if len(choices[argument]) > 1]
        assert len(several) <= 1, name
        for place in range(max((len(choices[argument]) for argument in arguments), default=1)):
            keys = {argument: choices[argument][min(place, len(choices[argument]) - 1)] for argument in arguments}
            path = reverse(name, kwargs=keys)
            yield path
            if name.endswith(("_pdf", "_workbook", "_file")):
                yield f"{path}?reason=archive"
            if name.startswith("reports:"):
                # Files with opinions are given to whoever says what for.
                yield f"{path}?unit={people.organization.pk}&draft=1&reason=archive"
            if name == "ballots:poll_paper":
                yield f"{path}?category={campaign.categories.first().pk}"
                yield f"{path}?copies=2&sides=double"
            if name in ("ballots:campaign_batches", "ballots:campaign_slips"):
                pattern = "channels=meeting&method=slips&how_many=roster"
                yield f"{path}?{pattern}&categories={campaign.categories.first().pk}"


def text_of(response):
    """Everything that can be read in an answer, whatever it is."""
    content = b"".join(response)
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind == "application/pdf":
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            parts = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
        return " ".join(re.sub(r"<[^>]*>", " ", PLACE_OF_TEXT.sub(" ", part)) for part in parts)
    # Between commas its numbers would be taken for parts of a longer one.
    return content.decode().replace(",", " ") if kind == "text/csv" else content.decode()


# A cell of text in a workbook holds which of the shared texts it is, not the text; they are read where they stand.
PLACE_OF_TEXT = re.compile(r'<c\b[^>]*\bt="s"[^>]*><v>\d+</v></c>')
# Names of the page's own things, which are no counts: tokens, digests (of a document too), keys, pictures.
NOISE = re.compile(
    r'name="(?:csrfmiddlewaretoken|key|seen)" value="[^"]*"|data:image/[^"]*|csrftoken=[^;]*|/[a-z-]+/\d+/|/(?:box|tap)/[\w-]+/'
    r"|\b[0-9a-f]{64}\b"
)


def shown(text, wanted):
    """Which of the numbers stand in a text by themselves."""
    numbers = set(re.findall(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d])", NOISE.sub(" ", text)))
    return wanted & {number.replace(",", "") for number in numbers}


def walk(poll, people, numbers, rates):
    """The numbers told too early, by role and address, and the pages opened."""
    told, opened = [], set()
    for role in ("administrator", "superuser", "secretary", "officer", "teller"):
        # A program reads with the token of whoever made it.
        client = Client(headers={"Authorization": f"Bearer {people.secrets.get(role, '')}"})
        client.force_login(getattr(people, role))
        for path in addresses(poll, people):
            response = client.get(path)
            if response.status_code == 200:
                opened.add(path)
            text = text_of(response)
            if response.status_code == 200 and (told_numbers := shown(text, numbers) | shown(text, rates)):
                told.append((role, path, sorted(told_numbers)))
            if OPINION in text:
                told.append((role, path, OPINION))
    return told, opened


@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_page_or_download_gives_a_count_before_the_seal(people, poll, state):
    if state == "closed":
        close_poll(poll)
    numbers, rates = forbidden(is_closed=state == "closed")

    told, opened = walk(poll, people, numbers, rates)

    assert told == []
    # It was there to be found, the walk opened pages, and turnout is told in steps.
    assert Ballot.objects.filter(batch__poll=poll).count() == 2931
    assert Opinion.objects.get(origin=None).text == OPINION
    assert reverse("ballots:poll_detail", args=[poll.pk]) in opened
    assert reverse("reports:api_tally_json", args=[poll.campaign_id]) in opened
    assert len(opened) > 30


def test_the_walk_finds_the_numbers_once_they_may_be_told(people, poll):
    close_poll(poll)
    sealing.seal(poll, by=None)
    numbers, rates = forbidden(is_closed=True)

    told, _ = walk(poll, people, numbers, rates)

    finders = {(role, path.partition("?")[0]) for role, path, _ in told}
    for name in ("poll_results", "results_workbook", "results_pdf", "count_sheet"):
        assert ("secretary", reverse(f"reports:{name}", args=[poll.pk])) in finders
    for name in ("api_tally_json", "api_tally_csv"):
        assert ("secretary", reverse(f"reports:{name}", args=[poll.campaign_id])) in finders
    assert ("officer", reverse("reports:campaign_results", args=[poll.campaign_id])) in finders
    assert not [role for role, _ in finders if role in ("administrator", "superuser")]
