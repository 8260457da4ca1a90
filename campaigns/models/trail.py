"""The trail (审计记录): who did what, when, from where, with which result; rows are added and stay."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .reach import within_paths


class TrailIsKept(Exception):
    """A row of the trail was to be changed or removed."""


class DeedQuerySet(models.QuerySet):
    def within(self, paths, accounts):
        """Deeds at units of the subtrees, and ones at no unit by some accounts."""
        at_no_unit = Q(place="", user__in=accounts)
        return self.filter(at_no_unit | (Q(place__gt="") & within_paths(paths, "place")))


class TrailQuerySet(DeedQuerySet):
    def update(self, **changes):
        raise TrailIsKept("审计记录不能修改。")

    def delete(self):
        raise TrailIsKept("审计记录不能删除，满期的用 manage.py audit --archive 归档。")

    def bulk_update(self, rows, fields, batch_size=None):
        raise TrailIsKept("审计记录不能修改。")


KNOWN_DEEDS = (
    *("sign_in", "sign_out", "own_password", "second_factor", "account", "password"),
    *("role_given", "role_taken"),
    *("roster", "roster_import", "person", "retention"),
    *("form_set", "year_plan", "campaign", "rules", "stage", "document"),
    *("facts", "rehearsal", "open", "take_back", "extend", "batch", "slips", "door", "keying"),
    *("agree", "ballot_import", "close", "void", "photo", "seal", "opinions_read", "opinions"),
    *("gathering", "letterbox", "window", "ledger", "finding", "consequence", "grading"),
    *("self_appraisal", "scoring", "superior_mark", "comment", "minutes", "summary", "file"),
    *("announcement", "template", "token", "export", "download", "trail"),
    *("api", "command"),
)


def deed_known(name: str) -> models.CheckConstraint:
    condition = Q(deed__in=[*KNOWN_DEEDS])
    return models.CheckConstraint(condition=condition, name=name, violation_error_message="没有这种事项。")


class DeedFacts(models.Model):
    """The facts of a deed as they are known when it begins; never words, numbers, marks, codes or passwords."""

    class Deed(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        SIGN_OUT = "sign_out", "退出登录"
        OWN_PASSWORD = "own_password", "修改自己的密码"
        SECOND_FACTOR = "second_factor", "两步验证"
        ACCOUNT = "account", "账号"
        PASSWORD = "password", "重设他人密码"
        ROLE_GIVEN = "role_given", "给予角色"
        ROLE_TAKEN = "role_taken", "移除角色"
        ROSTER = "roster", "名册"
        ROSTER_IMPORT = "roster_import", "名册导入"
        PERSON = "person", "党员个人资料"
        RETENTION = "retention", "保存期限"
        FORM_SET = "form_set", "规范表格"
        YEAR_PLAN = "year_plan", "全年计划"
        CAMPAIGN = "campaign", "活动配置"
        RULES = "rules", "规则和阈值"
        STAGE = "stage", "阶段和材料"
        DOCUMENT = "document", "报告和文稿"
        FACTS = "facts", "会议情况"
        REHEARSAL = "rehearsal", "演练"
        OPEN = "open", "开启"
        TAKE_BACK = "take_back", "退回筹备"
        EXTEND = "extend", "延期"
        BATCH = "batch", "票批"
        SLIPS = "slips", "选票码条"
        DOOR = "door", "会场入口"
        KEYING = "keying", "纸质票录入"
        AGREE = "agree", "录入认可"
        BALLOT_IMPORT = "ballot_import", "票表导入"
        CLOSE = "close", "截止"
        VOID = "void", "作废票批"
        PHOTO = "photo", "报告单影像"
        SEAL = "seal", "封存"
        OPINIONS_READ = "opinions_read", "阅读意见"
        OPINIONS = "opinions", "意见阅办"
        GATHERING = "gathering", "征求意见"
        LETTERBOX = "letterbox", "意见箱"
        WINDOW = "window", "服务窗口"
        LEDGER = "ledger", "整改台账"
        FINDING = "finding", "结果认定"
        CONSEQUENCE = "consequence", "结果运用和申诉"
        GRADING = "grading", "综合定格"
        SELF_APPRAISAL = "self_appraisal", "自评"
        SCORING = "scoring", "千分制考核"
        SUPERIOR_MARK = "superior_mark", "上级评价"
        COMMENT = "comment", "领导点评"
        MINUTES = "minutes", "会议记录"
        SUMMARY = "summary", "小结"
        FILE = "file", "小结定稿"
        ANNOUNCEMENT = "announcement", "公示和异议"
        TEMPLATE = "template", "本单位模板"
        TOKEN = "token", "接口令牌"
        EXPORT = "export", "批量导出"
        DOWNLOAD = "download", "下载"
        TRAIL = "trail", "审计记录"
        API = "api", "接口读取"
        COMMAND = "command", "命令行"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="用户"
    )
    # As they were then: the user name, and the roles that reach the unit.
    account = models.CharField("账号", max_length=150, editable=False)
    role = models.CharField("角色", max_length=100, blank=True, editable=False)
    # The path of the unit that it was done at, and the unit's name; empty where no unit is concerned.
    place = models.CharField("位置", max_length=255, blank=True, editable=False)
    unit = models.CharField("党组织", max_length=200, blank=True, editable=False)
    address = models.CharField("地址", max_length=45, blank=True, editable=False)
    deed = models.CharField("事项", max_length=20, choices=Deed.choices, editable=False)
    # The name of the page, which tells deeds of one kind apart.
    route = models.CharField("页面", max_length=100, editable=False)
    object_kind = models.CharField("对象种类", max_length=20, blank=True, editable=False)
    object_key = models.CharField("对象编号", max_length=40, blank=True, editable=False)
    object_name = models.CharField("对象", max_length=200, blank=True, editable=False)
    reason = models.CharField("用途", max_length=200, blank=True, editable=False)

    objects = DeedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def thing_told(self) -> str:
        """The thing by its kind and its name: 「评议点 年度评议」; empty where a deed has none."""
        return f"{self.object_kind} {self.object_name or self.object_key}" if self.object_kind else ""


class TrailEntry(DeedFacts):
    """A deed of an account, or a look at what not everybody may read. Participants leave none.

    It never holds words, numbers, marks, codes or passwords: the deed, and the name of the thing it was done to. The
    database itself refuses to change a row, and to remove one that no archive covers (migration 0030); a migration that
    alters the table must make those triggers again, as SQLite then builds it anew.
    """

    class Result(models.TextChoices):
        DONE = "done", "已办"
        REFUSED = "refused", "被拒绝"
        FAILED = "failed", "出错"
        # It began, and nobody was there any more to write how it ended.
        UNKNOWN = "unknown", "中断"

    number = models.PositiveBigIntegerField("序号", primary_key=True, editable=False)
    at = models.DateTimeField("时间", default=timezone.now, editable=False)
    result = models.CharField("结果", max_length=10, choices=Result.choices, editable=False)
    # Digest of the row before, and of this row with it.
    before = models.CharField("前一条的摘要", max_length=64, blank=True, unique=True, editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)

    objects = TrailQuerySet.as_manager()  # type: ignore[misc]  # a manager as the base's, that keeps rows

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-number"]
        indexes = [models.Index(fields=["account"], name="trail_entry_account")]
        constraints = [
            deed_known("trail_entry_deed_known"),
            models.CheckConstraint(
                condition=Q(result__in=["done", "refused", "failed", "unknown"]),
                name="trail_entry_result_known",
                violation_error_message="结果只能是已办、被拒绝、出错或中断。",
            ),
        ]

    def __str__(self):
        return f"第{self.number}条：{self.account}{self.get_deed_display()}"

    def save(self, *args, **kwargs):
        """Only as a new row."""
        if not self._state.adding:
            raise TrailIsKept("审计记录不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TrailIsKept("审计记录不能删除，满期的用 manage.py audit --archive 归档。")

    @property
    def serial(self) -> str:
        """The number as readers see it, which nobody takes for a count: 「00000193」."""
        return f"{self.number:08d}"


class BegunDeed(DeedFacts):
    """A deed that has begun and has no row of the trail yet: it is there before anything is changed, and goes with the
    transaction that writes the row. Where it stays, a program ended in between."""

    at = models.DateTimeField("开始时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "开始了的事项"
        ordering = ["pk"]
        constraints = [deed_known("begun_deed_deed_known")]

    def __str__(self):
        return f"{self.account}{self.get_deed_display()}"


class TrailArchive(models.Model):
    """Rows of the trail that went into a file: up to which, with the digest from which the chain goes on."""

    last_number = models.PositiveBigIntegerField("到第几条", unique=True, editable=False)
    last_digest = models.CharField("最后一条的摘要", max_length=64, editable=False)
    count = models.PositiveBigIntegerField("条数", editable=False)
    # Of the file, so that it can be told from another years later.
    file_digest = models.CharField("文件的摘要", max_length=64, editable=False)
    at = models.DateTimeField("归档时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录归档"
        ordering = ["last_number"]

    def __str__(self):
        return f"到第{self.last_number}条"
