from collections import defaultdict

from django.db import migrations

# As the states were called when the decisions were made.
STATES = {'confirmed': '认定', 'dismissed': '不予认定'}
RANK = {'confirmed': 0, 'dismissed': 1, 'pending': 2}
MAX_REASON = 300


def keep_what_was_judged(apps, schema_editor):
    """Campaigns in which a single indicator was decided on are still judged by each, so that no decision loses its finding."""
    campaigns = apps.get_model('campaigns', 'Campaign')
    findings = apps.get_model('reports', 'Finding').objects.exclude(decided_at=None)
    by_line = findings.filter(indicator__is_overall=False).values('target__poll__campaign')
    campaigns.objects.filter(pk__in=by_line).update(judged='each')


def put_together(apps, schema_editor):
    """Leave a finding for each target and rule: a confirmed one before a dismissed one, the latest of several, with all their reasons."""
    findings = apps.get_model('reports', 'Finding')
    problems = apps.get_model('reports', 'Problem').objects
    alike = defaultdict(list)
    for finding in findings.objects.select_related('indicator').order_by('pk'):
        alike[finding.rule, finding.target_id].append(finding)
    for several in alike.values():
        if len(several) == 1:
            continue
        kept = min(several, key=lambda row: (RANK[row.state], -(row.decided_at.timestamp() if row.decided_at else 0)))
        kept.reason = _reasons(several)
        kept.save()
        _put_problems_together(problems, kept, several)
        findings.objects.filter(pk__in=[row.pk for row in several if row.pk != kept.pk]).delete()


def _reasons(several):
    told = [f'“{row.indicator.text}”{STATES[row.state]}：{row.reason or "未写理由"}' for row in several if row.decided_at]
    text = '；'.join(told)
    return text if len(text) <= MAX_REASON else f'{text[: MAX_REASON - 1]}…'


def _put_problems_together(problems, kept, several):
    """The kept finding keeps one problem; the others stay in the ledger by themselves."""
    linked = problems.filter(finding__in=several).order_by('pk')
    first = linked.filter(finding=kept).first() or linked.first()
    if first is None:
        return
    # Without a finding a target would say that an opinion was its origin.
    linked.exclude(pk=first.pk).update(finding=None, target=None)
    problems.filter(pk=first.pk).update(finding=kept)


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_judged'),
        ('reports', '0008_export'),
    ]

    operations = [
        migrations.RunPython(keep_what_was_judged, migrations.RunPython.noop),
        migrations.RunPython(put_together, migrations.RunPython.noop),
    ]
