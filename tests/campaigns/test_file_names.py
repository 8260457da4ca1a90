"""Names that every file system takes."""

from campaigns import file_names


def test_names_that_some_file_system_refuses_are_changed():
    names = ["一处/二组", "a:b?", " . ", "长" * 80, "隐\u200b形"]

    assert [file_names.fit_name(name) for name in names] == [
        "一处_二组",
        "a_b_",
        "_",
        f"{'长' * 30}…{'长' * 29}",
        "隐_形",
    ]


def test_equal_names_are_numbered_whatever_their_case():
    places = [("甲", "A.pdf"), ("甲", "a.pdf"), ("乙", "A.pdf"), ("甲", "A.pdf")]

    assert file_names.unique_names(places) == ["甲/A.pdf", "甲/a.pdf（2）", "乙/A.pdf", "甲/A.pdf（3）"]


def test_names_that_file_systems_refuse_or_cannot_tell_apart_are_changed():
    fitted = [file_names.fit_name(name) for name in ("一/二:三?", " 支部. ", "...", "支\u202e部", "党" * 90)]
    told_apart = file_names.unique_names([("A", "x"), ("a", "X"), ("b", "x")])

    assert fitted == ["一_二_三_", "支部", "_", "支_部", f"{'党' * 30}…{'党' * 29}"]
    assert told_apart == ["A/x", "a/X（2）", "b/x"]
