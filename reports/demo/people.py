"""Names of people who do not exist."""

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱郭何高林罗郑梁谢宋唐许韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱尹薛闫段雷侯龙史陶黎贺顾郝龚邵万钱覃武戴莫孔向汤"
)
FIRST = "建国志文明海永春秀玉桂晓红雪丽金立树长振瑞德宝庆福新云东家俊一子思雨佳梦天泽博宇浩承启怀景兰素凤淑美爱冬连洪学正光成绍仲继兆"
SECOND = "华平强军英芳霞敏静伟勇杰涛斌辉刚亮峰鹏飞龙林山河江波清泉松柏梅菊莲荣贵祥安康宁和兴旺昌盛民生才良善仁义礼智信达远航帆轩然琪瑶欣怡洁颖"
# Characters that many fonts lack; a name with one must still be printed whole.
RARE_NAMES = ("谢䶮", "林㛃", "周㬎", "陈𬱖", "石堃瑆")


def names(count: int, chance: random.Random, *, first: tuple[str, ...] = ()) -> list[str]:
    """So many names without a repetition; `first` come first."""
    full_names = dict.fromkeys(first)
    while len(full_names) < count:
        given = chance.choice(SECOND) if chance.random() < 0.2 else chance.choice(FIRST) + chance.choice(SECOND)
        full_names.setdefault(chance.choice(SURNAMES) + given)
    return list(full_names)[:count]
