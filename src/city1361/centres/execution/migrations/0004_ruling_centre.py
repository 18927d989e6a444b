"""Which centre rules in a dispute."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0003_the_road'),
    ]

    operations = [
        migrations.AddField(
            model_name='matter',
            name='ruling_centre',
            field=models.UUIDField(null=True, verbose_name='裁定中心'),
        ),
    ]
