"""Uploads that are kept between preview and confirmation, each for the one who uploaded it."""

import os
import stat
import time

import pytest

from campaigns import uploads
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.fixture
def secretary():
    return make_user("secretary")


def age(path):
    """Make a file older than uploads are kept."""
    long_ago = time.time() - uploads.MAX_AGE - 1
    os.utime(path, (long_ago, long_ago))


def test_the_one_who_uploaded_it_finds_it_again(secretary):
    token = uploads.keep({"rows": ["张三"]}, secretary, kind="roster")

    assert uploads.fetch(token, secretary, kind="roster") == {"rows": ["张三"]}


def test_nobody_else_finds_it_nor_is_it_of_another_kind(secretary):
    token = uploads.keep({"rows": []}, secretary, kind="roster")

    for user, kind in ((make_user("other"), "roster"), (secretary, "ballots")):
        with pytest.raises(uploads.Gone):
            uploads.fetch(token, user, kind=kind)


@pytest.mark.parametrize("token", ["", "../../secret_key", "x" * 61])
def test_a_token_that_was_never_given_out_leads_nowhere(secretary, token):
    with pytest.raises(uploads.Gone):
        uploads.fetch(token, secretary, kind="roster")


def test_after_an_hour_it_is_gone_and_the_next_upload_removes_it(secretary, uploads_folder):
    token = uploads.keep({"rows": []}, secretary, kind="roster")
    age(uploads_folder / f"roster-{token}.json")

    with pytest.raises(uploads.Gone):
        uploads.fetch(token, secretary, kind="roster")
    fresh = uploads.keep({"rows": []}, secretary, kind="ballots")

    assert [path.name for path in uploads_folder.iterdir()] == [f"ballots-{fresh}.json"]


def test_only_the_server_s_own_account_reads_the_files(secretary, uploads_folder):
    uploads.keep({"rows": []}, secretary, kind="roster")

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (uploads_folder, *uploads_folder.iterdir())]

    assert modes == [0o700, 0o600]


def test_an_upload_that_was_thrown_away_is_gone(secretary):
    token = uploads.keep({"rows": []}, secretary, kind="roster")

    uploads.throw_away(token, kind="roster")

    with pytest.raises(uploads.Gone):
        uploads.fetch(token, secretary, kind="roster")
