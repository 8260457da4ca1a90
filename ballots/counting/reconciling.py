"""Numbers of people and of papers held against each other before a poll is closed or sealed (scenario C13)."""

from campaigns.models import Campaign, Channel, Poll

from ..models import Batch


def attendance_problems(poll: Poll, attended: int | None, batches: list[Batch]) -> list[str]:
    """The contradictions between people and papers; `batches` have their numbers."""
    base, problems = poll.campaign.base, []
    if attended is not None and poll.entitled_count is not None and attended > poll.entitled_count:
        problems.append(f"实际参评人数{attended}多于应参评人数{poll.entitled_count}，请核对。")
    # Each person present hands in one ballot: whoever got paper got no code. More may have been handed out than that.
    handed_in = sum(batch.returned_count or 0 for batch in batches if batch.channel == Channel.MEETING)
    if attended is not None and handed_in > attended:
        problems.append(f"集中评议收回的票多于实际参评人数{attended}。领了纸质票的人不能再领选票码，请核对人数或票数。")
    if attended is None and base == Campaign.Base.ATTENDED:
        problems.append("本次评议以实到人数为分母，请填写实际参评人数。")
    if poll.entitled_count is None and base == Campaign.Base.ENTITLED:
        problems.append("本次评议以全体应参评人员为分母，请填写应参评人数。")
    # A rate over people cannot stand on more ballots than people.
    people = (
        attended if base == Campaign.Base.ATTENDED else poll.entitled_count if base == Campaign.Base.ENTITLED else None
    )
    if people is not None and sum(batch.returned_count or 0 for batch in batches) > people:
        problems.append(f"收回的票多于作分母的{poll.campaign.get_base_display()}{people}人，请核对人数。")
    return problems
