"""Opinions after the seal: the masked words take the originals' place, and nothing is left of those."""

from pathlib import Path

import pytest
from django.db import connection

from ballots.counting import masking, sealing
from ballots.models import Opinion
from campaigns.models import UnsavedText
from campaigns.models.states import StateError
from tests.factories import make_open_poll, make_opinion, make_organization, make_sealed_poll, make_user


def texts_of(poll):
    return sorted(Opinion.objects.filter(target__poll=poll).values_list("text", flat=True))


@pytest.mark.django_db
def test_masked_words_take_the_place_of_the_original_and_others_stay():
    poll = make_sealed_poll()
    masked, other = make_opinion(poll, "张三迟到"), make_opinion(poll, "好")

    count = masking.drop_originals(poll, {masked.pk: "有的同志迟到"})

    assert count == 1
    assert texts_of(poll) == ["好", "有的同志迟到"]
    assert Opinion.objects.get(pk=other.pk).text == "好"


@pytest.mark.django_db
def test_opinions_about_others_are_not_touched():
    poll, elsewhere = make_sealed_poll(), make_sealed_poll(organizer=make_organization("另一党委"))
    foreign = make_opinion(elsewhere, "张三迟到")

    count = masking.drop_originals(poll, {foreign.pk: "有的同志迟到"})

    assert count == 0
    assert texts_of(elsewhere) == ["张三迟到"]


@pytest.mark.django_db
def test_what_somebody_typed_and_did_not_save_forgets_the_original_too():
    poll = make_sealed_poll()
    masked, kept = make_opinion(poll, "张三迟到"), make_opinion(poll, "好")
    writer = make_user("writer")
    UnsavedText.objects.keep(writer, "/problems/add/", {"content": "群众说张三迟到"})
    UnsavedText.objects.keep(writer, "/problems/1/", {"content": "服务好"})

    masking.drop_originals(poll, {masked.pk: "有的同志迟到", kept.pk: "好"})

    assert [words.form for words in UnsavedText.objects.all()] == ["/problems/1/"]


@pytest.mark.django_db
def test_before_the_seal_nothing_is_replaced():
    poll = make_open_poll()
    opinion = make_opinion(poll, "张三迟到")

    with pytest.raises(StateError):
        masking.drop_originals(poll, {opinion.pk: "有的同志迟到"})

    assert texts_of(poll) == ["张三迟到"]


def in_the_files(text):
    """Whether the words stand anywhere in SQLite's files, be it as a live row or as remains."""
    name = connection.settings_dict["NAME"]
    return any(text.encode() in Path(name + ending).read_bytes() for ending in ("", "-wal"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shown", ["某同志的事", "有的同志" * 200], ids=["shorter", "longer"])
def test_of_the_original_nothing_is_left_in_the_files(shown):
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL belong to its server")
    poll = make_sealed_poll()
    opinion = make_opinion(poll, "窗口的欧阳某某态度不好，材料跑了三趟才办成" * 3)
    for number in range(50):
        make_opinion(poll, f"建议{number}")
    sealing.erase_traces()
    assert in_the_files("欧阳某某")

    masking.drop_originals(poll, {opinion.pk: shown})

    assert in_the_files(shown)
    assert not in_the_files("欧阳某某")


@pytest.mark.django_db(transaction=True)
def test_on_postgresql_the_table_is_written_anew():
    """Into another file; which dead rows are left out of it is the server's affair (README, what is not promised)."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's files are read instead")
    poll = make_sealed_poll()
    keys = [make_opinion(poll, f"欧阳某某{number}").pk for number in range(20)]
    before = file_of_the_table()

    masking.drop_originals(poll, dict.fromkeys(keys, "某同志"))

    assert file_of_the_table() != before
    assert texts_of(poll) == ["某同志"] * 20


def file_of_the_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath('ballots_opinion')")
        return cursor.fetchone()
