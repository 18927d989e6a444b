"""What was archived, and where it stands."""

import city1361.base.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [("base_database", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='ArchivedMonth',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('month', models.CharField(max_length=7, verbose_name='月份')),
                ('part', models.PositiveSmallIntegerField(verbose_name='分次')),
                ('before', models.DateTimeField(verbose_name='静止起点')),
                ('rows', models.BigIntegerField(verbose_name='行数')),
                ('bytes', models.BigIntegerField(verbose_name='字节数')),
                ('manifest', models.CharField(max_length=64, verbose_name='清单摘要')),
                ('written_at', models.DateTimeField(verbose_name='写出时间')),
                ('cleared_at', models.DateTimeField(null=True, verbose_name='清出时间')),
                ('restored_at', models.DateTimeField(null=True, verbose_name='恢复时间')),
            ],
            options={
                'verbose_name': '归档月份',
                'constraints': [models.UniqueConstraint(fields=('month', 'part'), name='archived_month_part')],
            },
        ),
    ]
