"""A unit's template is one file, replaced whole, and used below where there is none."""

import pytest

from campaigns.kept_files import folder
from reports.models import WordTemplate
from reports.word_templates.keeping import content_of_template, put_template, take_template_out, template_for
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_the_nearest_template_above_is_used():
    root = make_organization()
    branch = make_organization("第一党支部", parent=root, kind="branch")
    other = make_organization("外单位党委")
    assert template_for(branch) is None

    put_template(root, b"root", by=None)
    assert content_of_template(template_for(branch)) == b"root"
    put_template(branch, b"branch", by=None)

    assert [content_of_template(template_for(unit)) for unit in (root, branch)] == [b"root", b"branch"]
    assert template_for(other) is None


def test_a_replaced_template_leaves_no_file(django_capture_on_commit_callbacks):
    root = make_organization()
    with django_capture_on_commit_callbacks(execute=True):
        put_template(root, b"first", by=None)
        put_template(root, b"second", by=None)

    assert [path.read_bytes() for path in folder().iterdir()] == [b"second"]
    with django_capture_on_commit_callbacks(execute=True):
        assert [take_template_out(root), take_template_out(root)] == [True, False]
    assert not list(folder().iterdir()) and not WordTemplate.objects.exists()
