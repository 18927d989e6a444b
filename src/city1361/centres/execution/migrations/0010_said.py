"""When another system signed what it last said: messages may overtake each other."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0009_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='externalnumber',
            name='said_at',
            field=models.DateTimeField(null=True, verbose_name='外部状态时间'),
        ),
    ]
