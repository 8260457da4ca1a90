"""The plan of an import keeps no order, and knows the same ballots again."""

from ballots.ballot_import.plan import BallotGroup, Plan, TableProblem


def group(*rows, poll=1):
    made = BallotGroup(poll_id=poll, unit="某局党委", channel="paper", category_id=2, category="党员")
    for marks, opinions in rows:
        made.add(marks, opinions)
    return made.in_no_order()


def test_rows_in_another_order_make_the_same_plan():
    first = Plan([group(("12", [(7, "乙")]), ("11", []), ("12", [(7, "甲")]))])
    second = Plan([group(("12", [(7, "甲")]), ("12", [(7, "乙")]), ("11", []))])

    assert first.digest == second.digest
    assert first.groups[0].marks == {"11": 1, "12": 2}
    assert first.groups[0].opinions == sorted([(7, "甲"), (7, "乙")])


def test_one_ballot_more_or_another_unit_is_another_plan():
    plan = Plan([group(("11", []))])

    assert plan.digest != Plan([group(("11", []), ("11", []))]).digest
    assert plan.digest != Plan([group(("11", []), poll=2)]).digest


def test_a_kept_plan_comes_back_whole():
    plan = Plan([group(("11", [(7, "甲")])), group(("22", []), poll=2)], ["提示"])

    kept = Plan.from_json(plan.to_json())

    assert kept == plan
    assert (kept.row_count, kept.unit_count) == (2, 2)


def test_a_problem_says_where_it_is():
    assert str(TableProblem(3, "D", "很好", "不是等次")) == "第3行D列“很好”：不是等次。"
    assert str(TableProblem(1, "", "", "应是表头")) == "第1行：应是表头。"
