from django.db import migrations, models

from pingyi.migrating import WholeMigration

# In the order of `campaigns.pinyin.ByPinyin`. SQLite sorts by a function that it learns at every connection, which no index
# can hold; a server without ICU cannot sort by pinyin at all.
INDEX = 'CREATE INDEX organization_by_pinyin ON campaigns_organization (name COLLATE "zh-x-icu")'


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'zh-x-icu'")
        if cursor.fetchone():
            cursor.execute(INDEX)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS organization_by_pinyin")


class Migration(WholeMigration):

    dependencies = [
        ('campaigns', '0034_roster_imports'),
    ]

    operations = [
        migrations.RunPython(add_index, remove_index),
        migrations.AddIndex(
            model_name='poll',
            index=models.Index(
                condition=models.Q(('state__in', ['open', 'closed'])),
                fields=['state', 'path', 'campaign'],
                name='poll_waiting',
            ),
        ),
        migrations.AddIndex(
            model_name='target',
            index=models.Index(fields=['questionnaire', 'poll'], name='target_of_questionnaire'),
        ),
        migrations.AddIndex(
            model_name='trailentry',
            index=models.Index(fields=['account'], name='trail_entry_account'),
        ),
    ]
