"""Passwords that are guessed within hours are refused: lists of leaked ones, words, keyboard rows, dates, and pinyin."""

import re

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from ..models import Role
from ..pinyin import in_pinyin, initials

# The estimate looks at so many characters; whatever follows only makes a password stronger.
LONGEST_LOOKED_AT = 72
LONGEST = 128
# How many guesses a password has to outlast, as powers of ten.
ENOUGH = 10
WORDS = """
    pingyi dangwei dangzhibu zhibu dangyuan shuji zuzhibu gongchandang zhongguo woaini woai aini mima yanshi
    guanliyuan beijing shanghai dangjian dangzongzhi dangxiao weiyuanhui jiguan jiedao shequ jianguo jiandang jianjun
    renmin qunzhong minzhu weirenminfuwu buwangchuxin laojishiming zhongguomeng qiangguo zhounian 1949 1921 5201314 1314520 520 1314 521 666 888 168 518
"""
# Parts of the names of party organizations that many have.
COMMON_PARTS = re.compile("中共|中国共产党|委员会|党委|党总支|党支部|总支部|支部|机关")
# Words that end the name of a place; behind it stands the name by which a unit is called.
PLACES = re.compile("省|市|自治区|区|县|镇|乡|街道")
SHORTEST_PART = 2
# The syllables of pinyin by their initial.
SYLLABLES = {
    "": "a ai an ang ao e ei en er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
PINYIN = [initial + final for initial, finals in SYLLABLES.items() for final in finals.split()]


def guesses(password: str, *known: str) -> float:
    """How many guesses a password outlasts, as a power of ten; `known` are words that others know of its owner."""
    looked_at = password[:LONGEST_LOOKED_AT]
    return float(zxcvbn(looked_at, user_inputs=[*known, *WORDS.split(), *PINYIN])["guesses_log10"])


def units_known_of(user) -> list[str]:
    """The names of the units at which a user has roles, whole and in parts, in characters, in pinyin and by its initials."""
    names = Role.objects.filter(user=user).order_by("pk").values_list("organization__name", flat=True)
    parts = dict.fromkeys(part for name in names for part in _parts(name))
    return [known for part in parts for known in (part, in_pinyin(part), initials(part))]


def _parts(name: str) -> list[str]:
    """A name, and what is left of it without the words that every such name has, and behind its place."""
    own = COMMON_PARTS.split(name)
    short = [PLACES.split(part)[-1] for part in own]
    return [name, *(part for part in (*own, *short) if len(part) >= SHORTEST_PART)]


class StrengthValidator:
    """A validator of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password, user=None):
        known = [user.get_username()] if user and user.get_username() else []
        if user and user.pk:
            known += units_known_of(user)
        if guesses(password, *known) < ENOUGH:
            raise ValidationError(
                "这个密码太容易猜：常用密码、单词、拼音、日期、键盘顺序连起来，机器几个小时就能试出来。"
                "请用几个不相干的词连起来，或者更长、更没有规律的字符。",
                code="password_too_easy",
            )

    def get_help_text(self):
        return "不要用常用密码、姓名拼音、生日或键盘顺序，后面加几个数字也一样容易猜。"


class LengthValidator(MinimumLengthValidator):
    """Django's rule in our words, and an end to what has to be digested."""

    def validate(self, password, user=None):
        super().validate(password, user)
        if len(password) > LONGEST:
            raise ValidationError(f"密码太长，至多{LONGEST}个字符。", code="password_too_long")

    def get_error_message(self):
        return f"密码太短，至少{self.min_length}个字符。"

    def get_help_text(self):
        return f"{self.min_length}至{LONGEST}个字符。"


class OtherThanNameValidator(UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def get_error_message(self):
        return "密码和用户名、姓名太像，请换一个。"

    def get_help_text(self):
        return "不要和用户名、姓名相像。"


class NotOnlyFiguresValidator(NumericPasswordValidator):
    """Django's rule in our words."""

    def get_error_message(self):
        return "密码不能全是数字。"

    def get_help_text(self):
        return "不能全是数字。"
