"""Merges, ways of intake, tickets of other systems, exports, and their row security."""

import city1361.base.database.personal
import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketSystem',
            fields=[
                ('code', models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name='代码')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='推送地址')),
                ('secret', city1361.base.database.personal.PersonalField(purpose='execution.ticket_secret', verbose_name='签名密钥')),
                ('previous_secret', city1361.base.database.personal.PersonalField(null=True, purpose='execution.ticket_secret', verbose_name='上一个签名密钥')),
                ('previous_until', models.DateTimeField(null=True, verbose_name='上一个密钥有效至')),
                ('changed_at', models.DateTimeField(verbose_name='更新时间')),
            ],
            options={
                'verbose_name': '外部工单系统',
                'verbose_name_plural': '外部工单系统',
            },
        ),
        migrations.CreateModel(
            name='MatterExport',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.UUIDField(verbose_name='账号')),
                ('acting', models.JSONField(verbose_name='办理身份')),
                ('format', models.CharField(choices=[('csv', 'csv'), ('xlsx', 'xlsx')], max_length=4, verbose_name='格式')),
                ('wanted', models.JSONField(verbose_name='筛选条件')),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None, verbose_name='列')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('ready', 'ready'), ('failed', 'failed'), ('expired', 'expired')], max_length=8, verbose_name='导出状态')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已写行数')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='总行数')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='未成功原因')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='文件摘要')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
            ],
            options={
                'verbose_name': '事件导出',
                'verbose_name_plural': '事件导出',
                'indexes': [models.Index(fields=['account', '-id'], name='export_of_account')],
            },
        ),
        migrations.CreateModel(
            name='MatterIntake',
            fields=[
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='centres_execution.matter')),
                ('kind', models.CharField(choices=[('late', 'late'), ('chat', 'chat'), ('ticket', 'ticket'), ('join', 'join')], max_length=8, verbose_name='登记方式')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='补录原因')),
                ('handled_by', models.CharField(blank=True, max_length=120, verbose_name='先行处置单位')),
                ('handled_after', models.IntegerField(null=True, verbose_name='处置用时分钟')),
                ('entered_after', models.IntegerField(null=True, verbose_name='补录间隔分钟')),
                ('entered_by', models.UUIDField(null=True, verbose_name='登记账号')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
            ],
            options={
                'verbose_name': '事件登记方式',
                'verbose_name_plural': '事件登记方式',
                'indexes': [models.Index(fields=['district_id', 'kind', 'entered_at'], name='intake_district'), models.Index(fields=['town_id', 'kind', 'entered_at'], name='intake_town')],
            },
        ),
        migrations.CreateModel(
            name='MatterMerge',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('before', models.JSONField(verbose_name='合并前')),
                ('own_clock', models.JSONField(verbose_name='保留事件原时限')),
                ('merged_due_at', models.DateTimeField(verbose_name='合并后总时限')),
                ('reporter_account', models.UUIDField(null=True, verbose_name='并入事件上报账号')),
                ('merged_at', models.DateTimeField(verbose_name='合并时间')),
                ('merged_by', models.UUIDField(null=True, verbose_name='合并账号')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='合并理由')),
                ('split_at', models.DateTimeField(null=True, verbose_name='拆分时间')),
                ('split_reason', models.CharField(blank=True, max_length=500, verbose_name='拆分理由')),
                ('duplicate', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
                ('kept', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '事件合并',
                'verbose_name_plural': '事件合并',
                'indexes': [models.Index(condition=models.Q(('split_at', None)), fields=['kept'], name='merge_of_kept')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('split_at', None)), fields=('duplicate',), name='merged_once'), models.CheckConstraint(condition=models.Q(('duplicate', models.F('kept')), _negated=True), name='merged_into_another')],
            },
        ),
        migrations.CreateModel(
            name='TicketDelivery',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('direction', models.CharField(choices=[('inbound', 'inbound'), ('outbound', 'outbound')], max_length=8, verbose_name='方向')),
                ('delivery', models.CharField(max_length=64, verbose_name='消息编号')),
                ('number', models.CharField(max_length=64, verbose_name='外部编号')),
                ('matter_id', models.UUIDField(verbose_name='事件')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='版本')),
                ('subject', models.CharField(max_length=40, verbose_name='内容')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('given_up', 'given_up')], max_length=12, verbose_name='送达状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('next_at', models.DateTimeField(null=True, verbose_name='下次发送时间')),
                ('answer', models.PositiveSmallIntegerField(null=True, verbose_name='对方应答')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='未送达原因')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='内容摘要')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='送达时间')),
                ('system', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.ticketsystem')),
            ],
            options={
                'verbose_name': '工单消息',
                'verbose_name_plural': '工单消息',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='delivery_waiting'), models.Index(fields=['matter_id'], name='delivery_of_matter')],
                'constraints': [models.UniqueConstraint(fields=('system', 'direction', 'delivery'), name='delivered_once')],
            },
        ),
        run_sql("city1361.centres.execution", "intake_security.sql"),
    ]
