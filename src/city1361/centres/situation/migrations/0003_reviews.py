import city1361.base.kernel.ids
from django.db import migrations, models

from city1361.base.database.api import run_sql

STATES = ('review_waiting', 'review_writing', 'review_ready', 'review_failed', 'review_expired')


class Migration(migrations.Migration):

    dependencies = [
        ('centres_situation', '0002_wall_layout'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewDocument',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.UUIDField(verbose_name='账号')),
                ('acting', models.JSONField(verbose_name='办理身份')),
                ('area_id', models.UUIDField(verbose_name='区域')),
                ('period', models.CharField(max_length=10, verbose_name='统计期')),
                ('format', models.CharField(max_length=4, verbose_name='格式')),
                ('state', models.CharField(choices=[(one, one) for one in STATES], max_length=16, verbose_name='状态')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已完成')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='总数')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='未成功原因')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='文件摘要')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
            ],
            options={
                'verbose_name': '复盘文件',
                'verbose_name_plural': '复盘文件',
                'indexes': [models.Index(fields=['account', '-id'], name='review_of_account')],
            },
        ),
        migrations.CreateModel(
            name='ReviewLayout',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('content', models.JSONField(verbose_name='内容')),
            ],
            options={
                'verbose_name': '复盘版式',
                'verbose_name_plural': '复盘版式',
            },
        ),
        run_sql("city1361.centres.situation", "reviews_security.sql"),
    ]
