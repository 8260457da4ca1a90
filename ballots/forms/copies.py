"""How many blank paper ballots are printed, and how."""

from django import forms

from campaigns.models import Category, Poll

from ..paper.copies import MOST_COPIES


class CopiesForm(forms.Form):
    """The file of a number of blank ballots."""

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label="参评人员类别",
        required=False,
        empty_label="不分类别",
        help_text="选了的印在票上，收回后按类别分开清点。",
    )
    copies = forms.IntegerField(
        label="份数",
        min_value=1,
        max_value=MOST_COPIES,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"请填1至{MOST_COPIES}的整数。"),
    )
    sides = forms.ChoiceField(
        label="怎样印",
        choices=[("single", "单面"), ("double", "双面：一份从新的一张纸开始，页数是单数的，后面补一页空白")],
        initial="single",
        widget=forms.RadioSelect,
        help_text="打印时照这里选的选单面或者双面（双面的沿长边翻），不缩放。",
    )

    def __init__(self, *args, poll: Poll, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = poll.campaign.categories.all()
        people = f"应参评{poll.entitled_count}人，" if poll.entitled_count else ""
        self.fields["copies"].help_text = f"{people}一个文件1至{MOST_COPIES}份；更多的分几次印，每份都一样。"

    @property
    def is_duplex(self) -> bool:
        return self.cleaned_data["sides"] == "double"
