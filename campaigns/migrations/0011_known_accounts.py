"""Marks the demo's accounts of earlier versions, and takes away the tables that counted failed logins before."""

from django.db import migrations

DEMO = ("secretary", "teller", "officer", "administrator")
TABLES = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog")


def mark_demo(apps, editor):
    User = apps.get_model("auth", "User")
    AccountStanding = apps.get_model("campaigns", "AccountStanding")
    for user in User.objects.filter(username__in=DEMO, first_name__startswith="演示"):
        AccountStanding.objects.update_or_create(user=user, defaults={"is_demo": True})


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_accounts")]

    operations = [
        migrations.RunPython(mark_demo, migrations.RunPython.noop),
        *(migrations.RunSQL(f"DROP TABLE IF EXISTS {table}", migrations.RunSQL.noop) for table in TABLES),
    ]
