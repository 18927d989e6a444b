"""The tables of the matter, two of them partitioned from the first day, and their row security."""

import city1361.base.database.personal
import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
        ('platform_organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatterType',
            fields=[
                ('code', models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('class_name', models.CharField(max_length=60, verbose_name='大类')),
                ('category', models.CharField(max_length=32, verbose_name='上报类别')),
                ('national_standard', models.CharField(blank=True, max_length=40, verbose_name='国家标准')),
                ('national_kind', models.CharField(blank=True, max_length=20, verbose_name='国家标准类别')),
                ('national_code', models.CharField(blank=True, max_length=20, verbose_name='国家标准代码')),
                ('verified', models.BooleanField(default=False, verbose_name='已核对')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('place', models.PositiveIntegerField(verbose_name='次序')),
            ],
            options={
                'verbose_name': '事件类型',
                'verbose_name_plural': '事件类型',
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, verbose_name='编号')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版本')),
                ('state', models.CharField(choices=[('reported', 'reported'), ('admitted', 'admitted'), ('refused', 'refused'), ('handling', 'handling'), ('close_requested', 'close_requested'), ('checked', 'checked'), ('closed', 'closed')], max_length=20, verbose_name='状态')),
                ('type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.mattertype')),
                ('national_code', models.CharField(blank=True, max_length=90, verbose_name='国家标准代码')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('description', models.TextField(max_length=2000, verbose_name='情况说明')),
                ('urgency', models.CharField(choices=[('normal', 'normal'), ('pressing', 'pressing'), ('urgent', 'urgent')], max_length=12, verbose_name='紧急程度')),
                ('channel', models.CharField(choices=[('grid', 'grid'), ('resident', 'resident'), ('desk', 'desk'), ('hotline', 'hotline'), ('sensor', 'sensor'), ('assigned', 'assigned')], max_length=12, verbose_name='来源')),
                ('level', models.PositiveSmallIntegerField(null=True, verbose_name='事件等级')),
                ('sensitive', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None, verbose_name='敏感标识')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('area_at_report', models.UUIDField(verbose_name='上报时区域')),
                ('address', models.CharField(blank=True, max_length=256, verbose_name='事发位置')),
                ('lon', models.FloatField(null=True, verbose_name='经度')),
                ('lat', models.FloatField(null=True, verbose_name='纬度')),
                ('lead_post_code', models.CharField(blank=True, max_length=64, verbose_name='主办岗位代码')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('reporter_account', models.UUIDField(null=True, verbose_name='上报账号')),
                ('occurred_at', models.DateTimeField(verbose_name='发生时间')),
                ('reported_at', models.DateTimeField(verbose_name='上报时间')),
                ('handled_first_at', models.DateTimeField(null=True, verbose_name='先行处置时间')),
                ('filed_after_the_fact', models.BooleanField(default=False, verbose_name='补录')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('total_due_at', models.DateTimeField(verbose_name='总时限')),
                ('total_limit_minutes', models.IntegerField(verbose_name='总时限分钟')),
                ('total_counting', models.CharField(choices=[('working', 'working'), ('natural', 'natural')], max_length=8, verbose_name='总时限计时')),
                ('stage_started_at', models.DateTimeField(null=True, verbose_name='环节开始时间')),
                ('stage_due_at', models.DateTimeField(null=True, verbose_name='环节时限')),
                ('stage_limit_minutes', models.IntegerField(null=True, verbose_name='环节时限分钟')),
                ('stage_counting', models.CharField(choices=[('working', 'working'), ('natural', 'natural')], max_length=8, verbose_name='环节计时')),
                ('handling_limit_minutes', models.IntegerField(null=True, verbose_name='处置时限分钟')),
                ('handling_spent_minutes', models.IntegerField(default=0, verbose_name='处置已用分钟')),
                ('handling_counting', models.CharField(blank=True, choices=[('working', 'working'), ('natural', 'natural')], max_length=8, verbose_name='处置计时')),
                ('due_fallback', models.BooleanField(default=False, verbose_name='时限超出已公布节假日')),
                ('limits_example', models.BooleanField(default=True, verbose_name='时限为示例')),
                ('paused_minutes', models.IntegerField(default=0, verbose_name='暂停分钟')),
                ('paused_at', models.DateTimeField(null=True, verbose_name='暂停时间')),
                ('shelved_review_on', models.DateField(null=True, verbose_name='挂账复核日期')),
                ('requested_result', models.CharField(blank=True, choices=[('solved', 'solved'), ('explained', 'explained'), ('long_term', 'long_term'), ('shelved', 'shelved'), ('not_ours', 'not_ours')], max_length=12, verbose_name='申请办结结果')),
                ('result', models.CharField(blank=True, choices=[('solved', 'solved'), ('explained', 'explained'), ('long_term', 'long_term'), ('shelved', 'shelved'), ('not_ours', 'not_ours')], max_length=12, verbose_name='办结结果')),
                ('refused_reason', models.CharField(blank=True, max_length=500, verbose_name='不予受理理由')),
                ('agreed_at', models.DateTimeField(null=True, verbose_name='群众认可时间')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', 'satisfied'), ('fair', 'fair'), ('dissatisfied', 'dissatisfied')], max_length=12, verbose_name='满意度')),
                ('reopened_count', models.PositiveSmallIntegerField(default=0, verbose_name='重开次数')),
                ('rework_count', models.PositiveSmallIntegerField(default=0, verbose_name='返工次数')),
                ('returned_count', models.PositiveSmallIntegerField(default=0, verbose_name='退回次数')),
                ('self_report_self_close', models.BooleanField(default=False, verbose_name='自报自结')),
                ('recurrence_of', models.UUIDField(null=True, verbose_name='反复自')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
                ('centre', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation')),
                ('lead', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation')),
                ('lead_post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.post')),
                ('shelved_owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation')),
            ],
            options={
                'verbose_name': '事件',
                'verbose_name_plural': '事件',
            },
        ),
        migrations.CreateModel(
            name='MatterStep',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('step', models.CharField(choices=[('report', 'report'), ('admit', 'admit'), ('refuse', 'refuse'), ('acknowledge', 'acknowledge'), ('report_progress', 'report_progress'), ('request_close', 'request_close'), ('check_pass', 'check_pass'), ('check_fail', 'check_fail'), ('close', 'close'), ('agree', 'agree'), ('reopen', 'reopen')], max_length=20, verbose_name='步骤')),
                ('before', models.CharField(blank=True, max_length=20, verbose_name='之前状态')),
                ('after', models.CharField(max_length=20, verbose_name='之后状态')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('organisation', models.UUIDField(null=True, verbose_name='机构')),
                ('organisation_name', models.CharField(blank=True, max_length=120, verbose_name='机构名称')),
                ('post', models.CharField(blank=True, max_length=64, verbose_name='岗位代码')),
                ('who', models.CharField(max_length=80, verbose_name='办理人')),
                ('on_behalf_of', models.CharField(blank=True, max_length=80, verbose_name='代办')),
                ('by_reporter', models.BooleanField(default=False, verbose_name='上报人所为')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='说明')),
                ('photos', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='照片')),
                ('result', models.CharField(blank=True, max_length=12, verbose_name='结果')),
                ('presumed', models.BooleanField(default=False, verbose_name='到期视同')),
                ('client_key', models.CharField(blank=True, max_length=64, verbose_name='客户端键')),
                ('body_hash', models.CharField(blank=True, max_length=64, verbose_name='内容摘要')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '事件步骤',
                'verbose_name_plural': '事件步骤',
                'indexes': [models.Index(fields=['matter', 'version'], name='matter_step_version')],
            },
        ),
        run_sql("city1361.centres.execution", "partitioned.sql"),
        migrations.CreateModel(
            name='MatterNumber',
            fields=[
                ('number', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='编号')),
                ('matter_id', models.UUIDField(verbose_name='事件')),
            ],
            options={
                'verbose_name': '事件编号',
                'verbose_name_plural': '事件编号',
            },
        ),
        migrations.CreateModel(
            name='MatterSerial',
            fields=[
                ('pk', models.CompositePrimaryKey('town_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(verbose_name='序号')),
            ],
            options={
                'verbose_name': '事件序号',
                'verbose_name_plural': '事件序号',
            },
        ),
        migrations.CreateModel(
            name='ReportKey',
            fields=[
                ('pk', models.CompositePrimaryKey('account', 'client_key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('account', models.UUIDField(verbose_name='账号')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('body_hash', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('matter_id', models.UUIDField(verbose_name='事件')),
            ],
            options={
                'verbose_name': '上报键',
                'verbose_name_plural': '上报键',
            },
        ),
        migrations.CreateModel(
            name='MatterReporter',
            fields=[
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reporter', serialize=False, to='centres_execution.matter')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('centre', models.UUIDField(verbose_name='首接中心')),
                ('label', models.CharField(max_length=80, verbose_name='称谓')),
                ('name', city1361.base.database.personal.PersonalField(null=True, purpose='execution.reporter_name', verbose_name='姓名')),
                ('phone', city1361.base.database.personal.PersonalField(null=True, purpose='execution.reporter_phone', verbose_name='联系电话')),
            ],
            options={
                'verbose_name': '上报人',
                'verbose_name_plural': '上报人',
            },
        ),
        migrations.CreateModel(
            name='MatterParticipant',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('lead', 'lead'), ('assist', 'assist'), ('informed', 'informed')], max_length=12, verbose_name='参与方式')),
                ('since', models.DateTimeField(verbose_name='起始时间')),
                ('until', models.DateTimeField(null=True, verbose_name='终止时间')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='centres_execution.matter')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation')),
                ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.post')),
            ],
            options={
                'verbose_name': '参与机构',
                'verbose_name_plural': '参与机构',
            },
        ),
        migrations.CreateModel(
            name='MatterRules',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.UUIDField(verbose_name='版次')),
                ('content', models.JSONField(verbose_name='内容')),
            ],
            options={
                'verbose_name': '事件规则',
                'verbose_name_plural': '事件规则',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='matter_rules_one_row')],
            },
        ),
        migrations.CreateModel(
            name='ExternalNumber',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system', models.CharField(max_length=32, verbose_name='外部系统')),
                ('number', models.CharField(max_length=64, verbose_name='外部编号')),
                ('status', models.CharField(blank=True, max_length=40, verbose_name='外部状态')),
                ('updated_at', models.DateTimeField(verbose_name='更新时间')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='external_numbers', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '外部编号',
                'verbose_name_plural': '外部编号',
                'constraints': [models.UniqueConstraint(fields=('system', 'number'), name='external_number_once')],
            },
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['district_id', '-id'], name='matter_district'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['town_id', '-id'], name='matter_town'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['village_id', '-id'], name='matter_village'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['grid_id', '-id'], name='matter_grid'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'admitted', 'handling', 'close_requested', 'checked'])), fields=['-id'], name='matter_open'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'admitted', 'handling', 'close_requested', 'checked'])), fields=['district_id', '-id'], name='matter_open_district'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'admitted', 'handling', 'close_requested', 'checked'])), fields=['town_id', 'state', '-id'], name='matter_open_town'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'admitted', 'handling', 'close_requested', 'checked'])), fields=['lead', 'state', '-id'], name='matter_open_lead'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['lead', '-id'], name='matter_lead'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['reporter_account', '-id'], name='matter_reporter'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state', 'admitted')), fields=['stage_due_at'], name='matter_unsigned'),
        ),
        run_sql("city1361.centres.execution", "row_security.sql"),
    ]
