"""Forms of a campaign: its facts, the 五明确, the counting rules, the categories of participants."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from .. import library
from ..models import Campaign, Channel, Extension, Organization, Role
from ..models.place import STEP
from ..models.reach import role_paths, within_paths
from ..readiness import FIVE_CLARITIES
from .fields import Folded, PartForm, PlainField, PlainTextField, RowsFormSet, day_input, require_chinese
from .unit_field import TreeChoiceField

BASES = {
    "valid": "收回的票减去整票无效的票。例：收回52张，整票无效2张，以50张为分母。",
    "returned": "收回多少张，就以多少张为分母，整票无效的也在内。例：收回52张，以52张为分母。",
    "attended": "到会多少人，就以多少人为分母，没有交票的也在内。例：实到55人，以55为分母。",
    "entitled": "没有到会的人也在分母内。例：应到60人，以60为分母。须填写每个评议点的应参评人数。",
}
BLANKS = {
    "abstain": "某一项没有选，该项记一张弃权，仍在分母内。例：50张票中满意30、空白10，满意率为30÷50＝60.0%。",
    "invalid": "某一项没有选，该项不算这张票。例：50张票中满意30、空白10，满意率为30÷40＝75.0%。",
}
UNKNOWNS = {
    "outside": "说不清的不算。例：50张票中满意30、基本满意10、不了解10，以40张为分母，满意率为30÷40＝75.0%。",
    "inside": "也是一票，不算满意。例：50张票中满意30、基本满意10、不了解10，以50张为分母，满意率为30÷50＝60.0%。",
}
SUMS = {
    "note": "各档分别四舍五入，合计可能是99.9%或100.1%，表下加注说明。例：三档各1票，为33.3%、33.3%、33.3%。",
    "last": "最后一档用100%减去前面各档。例：三档各1票，为33.3%、33.3%、33.4%。",
    "largest": "先舍去尾数，再依次补给尾数最大的档，合计恰好100%。例：三档各1票，为33.4%、33.3%、33.3%。",
}


JUDGEMENTS = {
    "none": "结果表只列票数和各率。",
    "score": "得分85以上为满意，75以上为比较满意，60以上为基本满意，60以下为不满意；评议表的各档须有分值。",
    "majority": "“满意”超过分母的半数为测评满意；“满意”和“基本满意”合计超过半数为测评基本满意；否则为测评不满意。恰好一半不算超过。",
}
JUDGED = {
    "overall": "只看“总体评价”一项的票；评议表没有总体评价的，各项的票合计。一个对象至多列一次，单项超过的写在后面。",
    "together": "各项的票合计，总体评价也在内。例：四项各60票，合计240票次中不满意81票次，超过三分之一。",
    "each": "任何一项超过即列出，写明是哪几项；一个对象仍只列一次。",
}
EXCELLENT_LIMITS = {
    "none": "“优秀”不限名额。",
    "members": "例：党员13名，优秀不超过4名。超过的，填写理由后可以继续。",
    "attended": "例：参评14名，优秀不超过4名。超过的，填写理由后可以继续。",
}


class CampaignForm(PartForm):
    """基本情况."""

    seen_by_constraints = ("organizer",)
    title = PlainField(
        label="活动名称",
        max_length=100,
        validators=[require_chinese],
        help_text="写全年度和名目，印在选票和结果报告上，如“2026年度党支部群众评议”。",
    )
    period = PlainField(label="评议周期", max_length=40, help_text="如：2026年度、2026年第一季度。")
    basis = PlainField(label="依据文件", max_length=200, required=False, help_text="如：某发〔2026〕1号。可不填。")

    class Meta:
        model = Campaign
        fields = ["title", "period", "basis", "starts_on", "ends_on", "is_stopped_on_time"]
        widgets = {"starts_on": day_input(), "ends_on": day_input()}
        help_texts = {
            "ends_on": "这一天仍收票，到24时为止；开启以后可以延期，须写明原因。",
            "is_stopped_on_time": "开始日期之前、结束日期之后，手机上不能投票。纸质票的录入、截止和封存不受限制。不勾选的，一直收到党务干事截止为止。",
        }

    def clean(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return self.cleaned_data


class ExtensionForm(PartForm):
    """A later last day, with the reason."""

    class Meta:
        model = Extension
        fields = ["ends_on", "reason"]
        field_classes = {"reason": PlainField}
        widgets = {"ends_on": day_input()}
        help_texts = {
            "ends_on": "这一天仍收票，到24时为止。",
            "reason": "如：两个支部的会议改期。评议点和活动的页面上都会写明。",
        }


class CampaignAddForm(CampaignForm):
    """A new campaign from a ready-made appraisal."""

    appraisal = forms.ChoiceField(label="评议类型", widget=forms.RadioSelect(attrs={"class": "form-check-input"}))
    organizer = TreeChoiceField(label="组织单位", queryset=Organization.objects.none(), empty_label="请选择")

    class Meta(CampaignForm.Meta):
        fields = ["organizer", *CampaignForm.Meta.fields]

    field_order = ["appraisal", "organizer", *CampaignForm.Meta.fields]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["appraisal"].choices = [(key, appraisal.title) for key, appraisal in library.appraisals().items()]
        field = self.fields["organizer"]
        paths = role_paths(user).get(Role.Kind.SECRETARY, ())
        field.queryset = Organization.objects.active().filter(within_paths(paths))
        field.depth = min((len(path) // STEP for path in paths), default=1) - 1
        if len(paths) == 1:
            field.initial = Organization.objects.filter(path=paths[0]).first()

    @property
    def facts(self) -> dict:
        """The arguments of `actions.create_campaign`."""
        return {name: self.cleaned_data[name] for name in self.fields}


class ClarityForm(PartForm):
    """五明确 (seed S1-3), and the leading group that the plan names (S1-1)."""

    group_head = PlainField(
        label="领导小组组长",
        max_length=100,
        required=False,
        help_text="姓名和职务，如：王某（党委书记）。没有成立领导小组的，四项都不填。",
    )
    group_deputies = PlainField(
        label="领导小组副组长", max_length=200, required=False, help_text="几个人时用顿号隔开。"
    )
    group_members = PlainField(label="领导小组成员", max_length=500, required=False)
    group_office = PlainField(
        label="领导小组办公室",
        max_length=200,
        required=False,
        help_text="设在哪里、谁任主任，如：设在组织科，李某任主任。",
    )

    class Meta:
        model = Campaign
        fields = [*FIVE_CLARITIES, "group_head", "group_deputies", "group_members", "group_office"]
        field_classes = dict.fromkeys(FIVE_CLARITIES, PlainTextField)
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in FIVE_CLARITIES}
        help_texts = {
            "participant_scope": "哪些人参加评议，怎样邀请。",
            "procedure": "先做什么、后做什么，到结果公示为止。",
            "method": "会议、书面、网络等，是否无记名。",
            "content": "评议哪些方面，每项怎样理解。",
            "use_of_results": "结果怎样通报、怎样与考核和整改衔接。",
        }


class RulesForm(PartForm):
    """Channels and counting rules."""

    channels = forms.MultipleChoiceField(
        label="评议渠道",
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选定一种评议渠道。"},
        help_text="票按渠道分别发放、清点，再合计。例：到会的走集中评议，不能到会的走书面评议。",
    )

    class Meta:
        model = Campaign
        fields = [
            "channels",
            "base",
            "blank",
            "unknown",
            "decimals",
            "sum_to_100",
            "min_group",
            "min_poll",
            "first_split",
            "judgement",
            "excellent_limit",
            "is_self_excluded",
            "is_single_keying_allowed",
        ]
        widgets = dict.fromkeys(
            ("base", "blank", "unknown", "sum_to_100", "first_split", "judgement", "excellent_limit"),
            forms.RadioSelect,
        )
        help_texts = {
            "unknown": "只用于评议表中有“不了解”一档的；分母为实到、全体的，不了解的人总在分母内。",
            "decimals": "可填0、1或2。例：三张票中两张满意，分别显示为67%、66.7%、66.67%。",
            "min_group": "某一类别收到的票少于此数时，这一类别不单列，与票数相近的类别合并列示，以免猜出是谁填的；渠道也一样；0表示不限制。",
            "min_poll": "可填0至10。评议点的有效票少于此数时，本评议点不单独公布结果，只计入上级汇总（推算不出来时）；0表示不限制。",
            "first_split": "两种分法一起会显出少数人的选择时，先照顾哪一种；另一种合并列示。",
            "is_self_excluded": "用于党员互评：每人不评自己，把自己那一栏空着。统计时从每个人的空白票中减去一张，不计为弃权，也不进分母。"
            "例：10人互评，每名党员的分母是9。",
            "is_single_keying_allowed": "纸质票默认由两人各录一遍，系统逐张比对，不一致的对照纸质票认定。"
            "人手不够时可以勾选：只录一遍也能截止封存，计票结果报告单上注明“单人录入”。",
        }

    field_order = Meta.fields
    often_changed = ("channels", "base", "blank", "is_self_excluded")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        explained = {
            "base": BASES,
            "blank": BLANKS,
            "unknown": UNKNOWNS,
            "sum_to_100": SUMS,
            "judgement": JUDGEMENTS,
            "excellent_limit": EXCELLENT_LIMITS,
        }
        for name, examples in explained.items():
            self.fields[name].choices = [
                (key, explained_choice(label, examples[key])) for key, label in Campaign._meta.get_field(name).choices
            ]
        seldom = [name for name in self.Meta.fields if name not in self.often_changed]
        self.layout = Layout("seen", *self.often_changed, Folded("更多规则（一般不用改）", *seldom))


def explained_choice(label, example):
    """A choice with an example below it."""
    return format_html('{}<small class="d-block text-muted">{}</small>', label, example)


class CategoryRow(forms.Form):
    """A kind of participant; emptied, it is removed."""

    name = PlainField(
        label="类别名称",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "aria-label": "类别名称"}),
    )
    weight = forms.DecimalField(
        label="权重（%）",
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control", "aria-label": "权重（%）", "step": "0.01"}),
    )

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and not 0 < weight <= 100:
            raise ValidationError("权重应大于0且不超过100。")
        return weight


class CategoryRows(RowsFormSet):
    first_field = "name"

    def clean(self):
        if any(self.errors):
            return
        names = [row["name"] for row in self.rows]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValidationError(f"类别“{'”“'.join(twice)}”填了两次。")
        weights = [row["weight"] for row in self.rows if row["weight"] is not None]
        if weights and len(weights) < len(names):
            raise ValidationError("权重应全部填写或全部不填。")
        if weights and sum(weights) != 100:
            raise ValidationError(f"各类别权重之和为{sum(weights).normalize():f}%，应为100%。")


CategoryFormSet = forms.formset_factory(
    CategoryRow, formset=CategoryRows, can_order=True, extra=3, max_num=100, validate_max=True
)
