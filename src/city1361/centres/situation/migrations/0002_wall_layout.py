from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('centres_situation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WallLayout',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('content', models.JSONField(verbose_name='内容')),
            ],
            options={
                'verbose_name': '大屏设置',
                'verbose_name_plural': '大屏设置',
            },
        ),
    ]
