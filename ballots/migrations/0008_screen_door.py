from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ballots', '0007_batch_ballot_import'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='batch',
            name='batch_screen_code_unique',
        ),
        migrations.RenameField(
            model_name='batch',
            old_name='screen_code',
            new_name='screen_secret',
        ),
        migrations.AlterField(
            model_name='batch',
            name='screen_secret',
            field=models.CharField(blank=True, editable=False, max_length=20, verbose_name='会场码的密钥'),
        ),
        migrations.AddField(
            model_name='batch',
            name='is_door_open',
            field=models.BooleanField(default=False, editable=False, verbose_name='入口开着'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('is_door_open', False), models.Q(('method', 'screen'), models.Q(('screen_secret', ''), _negated=True)), _connector='OR'), name='batch_only_a_screen_has_a_door'),
        ),
    ]
