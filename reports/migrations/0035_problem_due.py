from django.db import migrations, models

from pingyi.migrating import WholeMigration


class Migration(WholeMigration):

    dependencies = [
        ('reports', '0034_long_files'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(
                condition=models.Q(('state', 'closed'), _negated=True), fields=['due_on', 'id'], name='problem_due'
            ),
        ),
    ]
