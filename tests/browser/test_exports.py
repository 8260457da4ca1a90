"""An export's page tells by itself how far it has come."""

import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.exports.making import make_export
from reports.exports.queue import advance_export, claim_export
from reports.models import Export
from tests.factories import PASSWORD, make_sealed_poll, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(live_server, settings, tmp_path, assert_accessible):
    """Asks for a count sheet as a secretary would; the test itself is the worker."""
    settings.EXPORTS_DIR = tmp_path
    poll = make_sealed_poll()
    make_user("secretary", kind="secretary", organization=poll.organization)

    def ask(page):
        page.goto(f"{live_server.url}/campaigns/{poll.campaign_id}/results/")
        page.get_by_label("用户名").fill("secretary")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="批量导出").click()
        assert_accessible(page)
        page.get_by_label("计票结果报告单").check()
        page.get_by_role("button", name="开始导出").click()
        expect(page.get_by_text("排队中，马上开始。")).to_be_visible()
        assert_accessible(page)

    return ask


def is_within(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_follows_the_work_and_ends_with_the_archive(desktop_page, office, assert_accessible, tmp_path):
    office(desktop_page)
    export = claim_export(now=timezone.now())
    advance_export(export, total=3, done=1, failed=0)
    expect(desktop_page.get_by_text("已完成 1／3")).to_be_visible()
    make_export(export)

    with desktop_page.expect_download() as download:
        desktop_page.get_by_role("link", name="下载压缩包（ZIP）").click()

    assert_accessible(desktop_page)
    download.value.save_as(tmp_path / "got.zip")
    assert zipfile.ZipFile(tmp_path / "got.zip").namelist() == ["某局党委-计票结果报告单.pdf"]


def test_the_export_s_page_fits_a_phone_and_cancels_there(phone_page, office):
    office(phone_page)
    fits = is_within(phone_page)
    phone_page.get_by_role("button", name="取消").click()
    expect(phone_page.get_by_text("已取消，做到第0个")).to_be_visible()

    assert fits and is_within(phone_page)
    assert Export.objects.get().state == "cancelled"
