"""What figures need of a matter: its limit before it was extended, and open matters by the end of their limit."""

from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0007_create'),
    ]

    operations = [
        migrations.AddField(
            model_name='matter',
            name='due_before_extension',
            field=models.DateTimeField(null=True, verbose_name='延期前总时限'),
        ),
        run_sql("city1361.centres.execution", "counted_filled.sql"),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['total_due_at'], name='matter_open_due'),
        ),
    ]
