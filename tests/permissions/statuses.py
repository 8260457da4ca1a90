"""Answers by role, as the rows of the table write them."""

ROLES = ("anonymous", "outsider", "secretary", "teller", "officer", "administrator", "branch", "auditor")
# A page that wants a login sends there.
LOGIN = "in"

# Some answers that return:      anonymous outsider secretary teller officer administrator branch
EVERYBODY = "200 200 200 200 200 200 200"
NO_TOKEN = "401 401 401 401 401 401 401"
EVERY_USER = "in  200 200 200 200 200 200"
# Pages of the committee, or of its poll; the branch below does not see it.
SEES = "in  404 200 200 200 200 404"
KEEPS_ROSTER = "in  404 200 403 403 200 404"
RUNS = "in  404 200 403 403 403 404"
COUNTS = "in  404 200 200 403 403 404"
READS = "in  404 200 200 200 403 404"
# A campaign, which the branch sees because it has a poll in it.
SEES_CAMPAIGN = "in  404 200 200 200 200 200"
CONFIGURES = "in  404 200 403 403 403 403"
READS_SUMS = "in  404 200 200 200 403 200"
RUNS_SOME = WORDS_PART = "in  404 200 403 403 403 200"
READS_LEDGER = "in  404 200 403 200 403 404"
# The same of a campaign, of which the branch sees its own part.
READS_PART = "in  404 200 403 200 403 200"
# Pages for whoever has the role anywhere.
SOME_LEDGER = "in  200 200 403 200 403 200"
SOME_SECRETARY = "in  200 200 403 403 403 200"
SOME_KEEPER = "in  200 200 403 403 200 200"
ADMINISTERS = "in  403 403 403 403 200 403"


def done(statuses):
    """The same, but the deed sends on to another page."""
    return statuses.replace("200", "302")
