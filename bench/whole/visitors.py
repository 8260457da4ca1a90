"""Who opens the pages: user name, role, the level of the unit at which it is held, and the name in tables; and after what."""

VISITORS = (
    ("province-officer", "officer", "province", "省委工作人员"),
    ("county-officer", "officer", "county", "县委工作人员"),
    ("branch-secretary", "secretary", "branch", "支部党务干事"),
    ("province-secretary", "secretary", "province", "省委党务干事"),
    ("province-administrator", "administrator", "province", "省级系统管理员"),
    ("province-auditor", "auditor", "province", "省级审计员"),
)
USERNAMES = tuple(username for username, *_ in VISITORS)
# The ways in which sums have a first reader; the many are sealed in one county, or all over the province.
NOTHING_KEPT, ONE_MORE_SEAL = "没有留存", "又封存一个"
MANY_SEALS, SCATTERED_SEALS, ADDED_AHEAD = "又封存五百个", "各县又封存五百个", "后台程序以后"
