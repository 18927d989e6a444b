"""The tables of notices, instructions and return visits, and their row security."""

import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
        ('centres_execution', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupervisionSerial',
            fields=[
                ('pk', models.CompositePrimaryKey('prefix', 'organisation', 'year', blank=True, editable=False, primary_key=True, serialize=False)),
                ('prefix', models.CharField(max_length=4, verbose_name='种类')),
                ('organisation', models.UUIDField(verbose_name='机构')),
                ('year', models.PositiveIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(verbose_name='序号')),
            ],
            options={
                'verbose_name': '督查序号',
                'verbose_name_plural': '督查序号',
            },
        ),
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='编号')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('text', models.CharField(max_length=2000, verbose_name='批示内容')),
                ('issuer', models.UUIDField(verbose_name='批示单位')),
                ('issuer_name', models.CharField(max_length=150, verbose_name='批示单位名称')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='批示人')),
                ('post', models.CharField(blank=True, max_length=64, verbose_name='批示岗位')),
                ('at', models.DateTimeField(verbose_name='批示时间')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('matter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '批示',
                'verbose_name_plural': '批示',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='编号')),
                ('matter_number', models.CharField(max_length=40, verbose_name='事件编号')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('rung', models.CharField(choices=[('remind', 'remind'), ('urge', 'urge'), ('supervise', 'supervise'), ('escalate_supervision', 'escalate_supervision')], max_length=24, verbose_name='方式')),
                ('card', models.CharField(blank=True, choices=[('yellow_card', 'yellow_card'), ('red_card', 'red_card')], max_length=12, verbose_name='牌')),
                ('state', models.CharField(choices=[('in_force', 'in_force'), ('answered', 'answered'), ('lifted', 'lifted'), ('superseded', 'superseded')], max_length=12, verbose_name='状态')),
                ('target', models.UUIDField(verbose_name='对象单位')),
                ('target_name', models.CharField(max_length=150, verbose_name='对象单位名称')),
                ('issuer', models.UUIDField(verbose_name='发出单位')),
                ('issuer_name', models.CharField(max_length=150, verbose_name='发出单位名称')),
                ('issuer_rank', models.PositiveSmallIntegerField(verbose_name='发出层级')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='发出人')),
                ('at', models.DateTimeField(verbose_name='发出时间')),
                ('reason', models.CharField(max_length=500, verbose_name='事由')),
                ('limit_amount', models.PositiveIntegerField(verbose_name='时限数量')),
                ('limit_unit', models.CharField(max_length=16, verbose_name='时限单位')),
                ('limit_example', models.BooleanField(verbose_name='时限为示例')),
                ('due_at', models.DateTimeField(verbose_name='答复时限')),
                ('amber_at', models.DateTimeField(verbose_name='临期时间')),
                ('fallback', models.BooleanField(default=False, verbose_name='时限超出已公布节假日')),
                ('answer', models.CharField(blank=True, max_length=2000, verbose_name='答复')),
                ('answered_by', models.UUIDField(null=True, verbose_name='答复账号')),
                ('answered_who', models.CharField(blank=True, max_length=80, verbose_name='答复人')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('ended_words', models.CharField(blank=True, max_length=500, verbose_name='解除说明')),
                ('ended_who', models.CharField(blank=True, max_length=80, verbose_name='解除人')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('follows', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_supervision.notice')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '督查通知',
                'verbose_name_plural': '督查通知',
            },
        ),
        migrations.CreateModel(
            name='ReturnVisit',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('matter_number', models.CharField(max_length=40, verbose_name='事件编号')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('closed_at', models.DateTimeField(verbose_name='办结时间')),
                ('handler', models.UUIDField(null=True, verbose_name='主办单位')),
                ('handler_name', models.CharField(blank=True, max_length=150, verbose_name='主办单位名称')),
                ('self_closed', models.BooleanField(default=False, verbose_name='自报自结')),
                ('visitor', models.UUIDField(verbose_name='回访单位')),
                ('visitor_name', models.CharField(max_length=150, verbose_name='回访单位名称')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='回访人')),
                ('at', models.DateTimeField(verbose_name='回访时间')),
                ('reached', models.BooleanField(verbose_name='已联系上')),
                ('contacted', models.BooleanField(null=True, verbose_name='承办单位联系过')),
                ('solved', models.BooleanField(null=True, verbose_name='已解决')),
                ('satisfied', models.CharField(blank=True, choices=[('satisfied', 'satisfied'), ('fair', 'fair'), ('dissatisfied', 'dissatisfied')], max_length=12, verbose_name='满意度')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='群众意见')),
                ('unreasonable', models.BooleanField(default=False, verbose_name='不合理诉求')),
                ('unreasonable_reason', models.CharField(blank=True, max_length=500, verbose_name='认定理由')),
                ('judged_by', models.UUIDField(null=True, verbose_name='认定账号')),
                ('judged_organisation', models.UUIDField(null=True, verbose_name='认定单位')),
                ('judged_who', models.CharField(blank=True, max_length=80, verbose_name='认定人')),
                ('judged_at', models.DateTimeField(null=True, verbose_name='认定时间')),
                ('reopened', models.BooleanField(default=False, verbose_name='已重开')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '回访',
                'verbose_name_plural': '回访',
            },
        ),
        migrations.CreateModel(
            name='SupervisionSheet',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='编号')),
                ('target', models.UUIDField(verbose_name='承办单位')),
                ('target_name', models.CharField(max_length=150, verbose_name='承办单位名称')),
                ('state', models.CharField(choices=[('to_answer', 'to_answer'), ('to_sign_off', 'to_sign_off'), ('signed_off', 'signed_off')], max_length=12, verbose_name='状态')),
                ('limit_amount', models.PositiveIntegerField(verbose_name='时限数量')),
                ('limit_unit', models.CharField(max_length=16, verbose_name='时限单位')),
                ('limit_example', models.BooleanField(verbose_name='时限为示例')),
                ('due_at', models.DateTimeField(verbose_name='反馈时限')),
                ('amber_at', models.DateTimeField(verbose_name='临期时间')),
                ('fallback', models.BooleanField(default=False, verbose_name='时限超出已公布节假日')),
                ('feedback', models.CharField(blank=True, max_length=2000, verbose_name='反馈')),
                ('feedback_by', models.UUIDField(null=True, verbose_name='反馈账号')),
                ('feedback_who', models.CharField(blank=True, max_length=80, verbose_name='反馈人')),
                ('feedback_at', models.DateTimeField(null=True, verbose_name='反馈时间')),
                ('returned_count', models.PositiveSmallIntegerField(default=0, verbose_name='退回次数')),
                ('returned_words', models.CharField(blank=True, max_length=500, verbose_name='退回理由')),
                ('signed_by', models.UUIDField(null=True, verbose_name='销号账号')),
                ('signed_who', models.CharField(blank=True, max_length=80, verbose_name='销号人')),
                ('signed_words', models.CharField(blank=True, max_length=500, verbose_name='销号意见')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='销号时间')),
                ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='centres_supervision.instruction')),
            ],
            options={
                'verbose_name': '督办单',
                'verbose_name_plural': '督办单',
            },
        ),
        migrations.AddIndex(
            model_name='instruction',
            index=models.Index(fields=['matter', 'id'], name='instruction_matter'),
        ),
        migrations.AddConstraint(
            model_name='instruction',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='instruction_once_per_key'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['matter', 'id'], name='notice_matter'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ['in_force', 'answered'])), fields=['target', '-id'], name='notice_target_standing'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ['in_force', 'answered'])), fields=['issuer', '-id'], name='notice_issuer_standing'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='notice_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['in_force', 'answered']), models.Q(('card', ''), _negated=True)), fields=('matter', 'target'), name='one_card_in_force'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('target', models.F('issuer')), _negated=True), name='notice_to_another_unit'),
        ),
        migrations.AddIndex(
            model_name='returnvisit',
            index=models.Index(fields=['matter', 'id'], name='visit_matter'),
        ),
        migrations.AddIndex(
            model_name='returnvisit',
            index=models.Index(fields=['district_id', 'closed_at'], name='visit_district_closed'),
        ),
        migrations.AddIndex(
            model_name='returnvisit',
            index=models.Index(fields=['town_id', 'closed_at'], name='visit_town_closed'),
        ),
        migrations.AddConstraint(
            model_name='returnvisit',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='visit_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='returnvisit',
            constraint=models.UniqueConstraint(condition=models.Q(('reached', True)), fields=('matter', 'closed_at'), name='reached_once_for_a_closing'),
        ),
        migrations.AddConstraint(
            model_name='returnvisit',
            constraint=models.CheckConstraint(condition=models.Q(('handler', None), models.Q(('visitor', models.F('handler')), _negated=True), _connector='OR'), name='visited_by_another_unit'),
        ),
        migrations.AddConstraint(
            model_name='returnvisit',
            constraint=models.CheckConstraint(condition=models.Q(('judged_organisation', None), ('handler', None), models.Q(('judged_organisation', models.F('handler')), _negated=True), _connector='OR'), name='judged_by_another_unit'),
        ),
        migrations.AddConstraint(
            model_name='returnvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contacted', None), ('reached', False), ('satisfied', ''), ('solved', None)), models.Q(('contacted__isnull', False), ('reached', True), ('solved__isnull', False), models.Q(('satisfied', ''), _negated=True)), _connector='OR'), name='whoever_was_reached_said_something'),
        ),
        migrations.AddIndex(
            model_name='supervisionsheet',
            index=models.Index(condition=models.Q(('state', 'signed_off'), _negated=True), fields=['target', '-id'], name='sheet_target_open'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsheet',
            constraint=models.UniqueConstraint(fields=('instruction', 'target'), name='one_sheet_for_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsheet',
            constraint=models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('feedback_by')), _negated=True), _connector='OR'), name='another_person_signs_off'),
        ),
        run_sql("city1361.centres.supervision", "row_security.sql"),
    ]
