"""Forms of 公示: what is made public, why it is taken down, what was objected."""

from collections.abc import Collection
from datetime import date, timedelta

from django import forms
from django.utils import timezone

from campaigns.forms.fields import PlainField, PlainTextField, day_input
from campaigns.forms.seen import SharedRowForm

from ..announcements import PERSONS_WARNING, PlaceResults, extra_choices, result_choices
from ..announcements.for_all import NoticePattern
from ..models import Announcement, Objection
from ..wording import date_text

# Whoever types 2062 for 2026 is told so.
LONGEST = timedelta(days=366)


class NoticeTerms:
    """The checks of how long, where and with whose telephone a notice hangs; for forms with these fields."""

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if sum(character.isdigit() for character in phone) < 3:
            raise forms.ValidationError("请填写能打通的电话号码，如“010-12345678”。")
        return phone

    def clean_starts_on(self):
        starts_on, today = self.cleaned_data["starts_on"], timezone.localdate()
        if not today <= starts_on <= today + LONGEST:
            raise forms.ValidationError(f"公示起始日期要在今天（{date_text(today)}）或者以后，一年以内。")
        return starts_on

    def clean(self):
        facts = super().clean()
        if facts.get("audience") == Announcement.Audience.PRINT and not facts.get("place", "-"):
            self.add_error("place", "只打印张贴的，请写明张贴地点。")
        self._check_period(facts.get("starts_on"), facts.get("ends_on"))
        return facts

    def _check_period(self, starts_on: date | None, ends_on: date | None):
        if not (starts_on and ends_on):
            return
        if ends_on < starts_on:
            self.add_error("ends_on", f"公示截止日期不能早于起始日期（{date_text(starts_on)}）。")
        elif ends_on - starts_on > LONGEST:
            self.add_error("ends_on", "公示期最长一年，请核对截止日期的年份。")


def place_field() -> PlainField:
    return PlainField(
        label="张贴地点", max_length=100, required=False, help_text="如：一楼党务公开栏。只打印张贴的必须填写。"
    )


def office_field() -> PlainField:
    return PlainField(label="异议受理部门", max_length=100, help_text="如：党委组织部（机关党委办公室）。")


def phone_field() -> PlainField:
    return PlainField(label="受理电话", max_length=50, help_text="如：010-12345678转802；几个电话用顿号隔开。")


class AnnouncementForm(NoticeTerms, SharedRowForm):
    """A draft: results, period, way, and where to object."""

    title = PlainField(label="标题", max_length=100)
    text = PlainTextField(
        label="说明",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="印在结果前面，每行一段。票数、结果、公示时间和受理部门由系统写，这里不用写。",
    )
    target_ids = forms.TypedMultipleChoiceField(
        label="公示哪些结果",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个评议对象的结果。"},
    )
    questionnaire_keys = forms.MultipleChoiceField(
        label="公示哪些结果",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张评议表的结果。"},
    )
    extras = forms.MultipleChoiceField(
        label="另外公布哪些内容",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="都不选的，只公布结果。意见只列已经阅办的，用隐去以后的文字，附答复；"
        "没有办结的问题不列对个人的和结果认定转来的；票太少、结果不公布的评议点，意见和问题都不列。",
    )
    place = place_field()
    office = office_field()
    phone = phone_field()

    class Meta:
        model = Announcement
        fields = [
            "title",
            "text",
            "target_ids",
            "questionnaire_keys",
            "has_problems",
            "extras",
            "audience",
            "place",
            "starts_on",
            "ends_on",
            "office",
            "phone",
        ]
        widgets = {"starts_on": day_input(), "ends_on": day_input(), "audience": forms.RadioSelect}
        help_texts = {
            "has_problems": "只写整改台账的问题数、措施数和完成率，不写问题和意见的内容。",
            "starts_on": "当天0时起算。",
            "ends_on": "到当天24时为止，过后公开网页自动消失。通常5个工作日，起始日计入。",
        }

    def __init__(self, *args, results: PlaceResults, further: Collection[str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = result_choices(results)
        self.warning = PERSONS_WARNING if any(choice.is_about_persons for choice in choices) else ""
        self._keep_fields_of(self.instance, [(choice.key, choice.label) for choice in choices])
        self.fields["extras"].choices = extra_choices(self.instance, further)
        # Every announcement has a way; the empty choice of a nullable one would only be in the way.
        self.fields["audience"].choices = Announcement.Audience.choices

    def _keep_fields_of(self, announcement: Announcement, results: list[tuple]) -> None:
        """Leave the field of results that fits the place; none in a notice about one target."""
        asked = "target_ids" if announcement.poll_id else "questionnaire_keys"
        del self.fields["questionnaire_keys" if announcement.poll_id else "target_ids"]
        if announcement.target_id:
            del self.fields[asked]
        else:
            self.fields[asked].choices = results


class NoticePatternForm(NoticeTerms, forms.Form):
    """The facts that the announcements of many units have in common."""

    questionnaire_keys = forms.MultipleChoiceField(
        label="公示哪些评议表的结果",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张评议表的结果。"},
    )
    has_problems = forms.BooleanField(
        label="同时公示整改情况",
        required=False,
        help_text="只写各单位整改台账的问题数、措施数和完成率。意见、承诺、点评的文字，请到各单位的公示草稿里逐份勾选。",
    )
    audience = forms.ChoiceField(
        label="公示方式", choices=Announcement.Audience.choices, initial="print", widget=forms.RadioSelect
    )
    place = place_field()
    starts_on = forms.DateField(label="公示起始日期", widget=day_input(), help_text="当天0时起算。")
    ends_on = forms.DateField(
        label="公示截止日期", widget=day_input(), help_text="到当天24时为止。通常5个工作日，起始日计入。"
    )
    office = office_field()
    phone = phone_field()
    is_published = forms.TypedChoiceField(
        label="做成什么",
        choices=[("0", "先做成草稿，各单位核对预览以后分别发布"), ("1", "直接发布，内容不再变动，只能逐份撤下")],
        coerce=lambda text: text == "1",
        initial="0",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, questionnaires, **kwargs):
        super().__init__(*args, **kwargs)
        self._about_persons = {asked.key for asked, is_about_persons in questionnaires if is_about_persons}
        self.fields["questionnaire_keys"].choices = [
            (asked.key, f"{asked.title}（涉及个人）" if is_about_persons else asked.title)
            for asked, is_about_persons in questionnaires
        ]
        self.initial.setdefault(
            "questionnaire_keys", [asked.key for asked, is_about_persons in questionnaires if not is_about_persons]
        )

    def clean(self):
        facts = super().clean()
        if facts.get("is_published") and self._about_persons.intersection(facts.get("questionnaire_keys", ())):
            self.add_error("is_published", "选了对个人的结果，请先做成草稿，逐份核对是否公开、在什么范围公开，再发布。")
        return facts

    @property
    def pattern(self) -> NoticePattern:
        shared = {name: value for name, value in self.cleaned_data.items() if name != "is_published"}
        return NoticePattern(**shared | {"questionnaire_keys": tuple(shared["questionnaire_keys"])})


class WithdrawForm(forms.Form):
    """Why an announcement is taken down before its time."""

    reason = PlainField(
        label="撤下原因",
        max_length=200,
        help_text="如：张某的结果录入有误，更正后重新公示。只在本系统内留存。",
        error_messages={"required": "请写明撤下的原因。"},
    )


class ObjectionForm(SharedRowForm):
    """An objection as it came in, and the answer when there is one."""

    objector = PlainField(label="反映人", max_length=50, required=False, help_text="匿名反映的留空。只在本系统内留存。")
    text = PlainTextField(label="异议内容", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    answer = PlainTextField(
        label="核查和答复情况",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="答复以后填写，连同答复日期。",
    )

    class Meta:
        model = Objection
        fields = ["received_on", "objector", "text", "answer", "answered_on"]
        widgets = {"received_on": day_input(), "answered_on": day_input()}

    def clean_received_on(self):
        received_on, starts_on = self.cleaned_data["received_on"], self.instance.announcement.starts_on
        if not starts_on <= received_on <= timezone.localdate():
            raise forms.ValidationError(f"收到日期要在公示起始日（{date_text(starts_on)}）到今天之间。")
        return received_on

    def clean_answered_on(self):
        answered_on = self.cleaned_data["answered_on"]
        if answered_on and answered_on > timezone.localdate():
            raise forms.ValidationError("答复日期不能晚于今天。")
        return answered_on
