"""The road of a matter through three levels: who deals with it now, hand-overs, approvals, exclusions, rulings."""

import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0002_intake'),
        ('platform_organisations', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='matter',
            name='matter_open',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matter_open_district',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matter_open_town',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matter_open_lead',
        ),
        migrations.AddField(
            model_name='matter',
            name='current_centre',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation'),
        ),
        run_sql("city1361.centres.execution", "the_road_filled.sql"),
        migrations.AlterField(
            model_name='matter',
            name='current_centre',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation'),
        ),
        migrations.AddField(
            model_name='matter',
            name='current_level',
            field=models.CharField(default='town', max_length=16, verbose_name='当前层级'),
        ),
        migrations.AddField(
            model_name='matter',
            name='delegate_post',
            field=models.UUIDField(null=True, verbose_name='代办岗位'),
        ),
        migrations.AddField(
            model_name='matter',
            name='delegate_post_code',
            field=models.CharField(blank=True, max_length=64, verbose_name='代办岗位代码'),
        ),
        migrations.AddField(
            model_name='matter',
            name='designated',
            field=models.BooleanField(default=False, verbose_name='已指定管辖'),
        ),
        migrations.AddField(
            model_name='matter',
            name='disputed_since',
            field=models.DateTimeField(null=True, verbose_name='争议开始时间'),
        ),
        migrations.AddField(
            model_name='matter',
            name='form_answers',
            field=models.JSONField(default=dict, verbose_name='表单内容'),
        ),
        migrations.AddField(
            model_name='matter',
            name='form_key',
            field=models.CharField(blank=True, max_length=64, verbose_name='表单'),
        ),
        migrations.AddField(
            model_name='matter',
            name='handed_by',
            field=models.UUIDField(null=True, verbose_name='交出单位'),
        ),
        migrations.AddField(
            model_name='matter',
            name='merged_into',
            field=models.UUIDField(null=True, verbose_name='并入事件'),
        ),
        migrations.AddField(
            model_name='matter',
            name='parent',
            field=models.UUIDField(null=True, verbose_name='上级事件'),
        ),
        migrations.AddField(
            model_name='matter',
            name='process_instance',
            field=models.UUIDField(null=True, verbose_name='流程实例'),
        ),
        migrations.AddField(
            model_name='matter',
            name='rules_edition',
            field=models.UUIDField(null=True, verbose_name='规则版次'),
        ),
        migrations.AddField(
            model_name='matter',
            name='source_area',
            field=models.UUIDField(null=True, verbose_name='来源地'),
        ),
        migrations.AddField(
            model_name='matter',
            name='stage_amount',
            field=models.PositiveIntegerField(null=True, verbose_name='环节时限数量'),
        ),
        migrations.AddField(
            model_name='matter',
            name='stage_unit',
            field=models.CharField(blank=True, max_length=16, verbose_name='环节时限单位'),
        ),
        migrations.AddField(
            model_name='matter',
            name='total_amount',
            field=models.PositiveIntegerField(null=True, verbose_name='总时限数量'),
        ),
        migrations.AddField(
            model_name='matter',
            name='total_unit',
            field=models.CharField(blank=True, max_length=16, verbose_name='总时限单位'),
        ),
        migrations.AddField(
            model_name='matter',
            name='verified',
            field=models.BooleanField(null=True, verbose_name='核实属实'),
        ),
        migrations.AddField(
            model_name='mattertype',
            name='form_key',
            field=models.CharField(blank=True, max_length=64, verbose_name='表单'),
        ),
        migrations.AddField(
            model_name='mattertype',
            name='package',
            field=models.CharField(blank=True, max_length=80, verbose_name='应用包'),
        ),
        migrations.AddField(
            model_name='mattertype',
            name='process_key',
            field=models.CharField(default='matter', max_length=64, verbose_name='流程'),
        ),
        migrations.AlterField(
            model_name='matter',
            name='state',
            field=models.CharField(choices=[('verifying', 'verifying'), ('reported', 'reported'), ('dispatching', 'dispatching'), ('admitted', 'admitted'), ('designating', 'designating'), ('refused', 'refused'), ('handling', 'handling'), ('close_requested', 'close_requested'), ('checked', 'checked'), ('closed', 'closed'), ('voided', 'voided'), ('merged', 'merged')], max_length=20, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='matterstep',
            name='step',
            field=models.CharField(choices=[('report', 'report'), ('send_verify', 'send_verify'), ('verify_pass', 'verify_pass'), ('verify_fail', 'verify_fail'), ('admit', 'admit'), ('refuse', 'refuse'), ('route', 'route'), ('assign', 'assign'), ('send_up', 'send_up'), ('send_back', 'send_back'), ('take_back', 'take_back'), ('request_ruling', 'request_ruling'), ('designate', 'designate'), ('acknowledge', 'acknowledge'), ('transfer', 'transfer'), ('cc', 'cc'), ('delegate', 'delegate'), ('report_progress', 'report_progress'), ('request_close', 'request_close'), ('check_pass', 'check_pass'), ('check_fail', 'check_fail'), ('close', 'close'), ('agree', 'agree'), ('reopen', 'reopen'), ('request_pause', 'request_pause'), ('request_shelve', 'request_shelve'), ('request_extend', 'request_extend'), ('request_void', 'request_void'), ('pause', 'pause'), ('shelve_matter', 'shelve_matter'), ('extend', 'extend'), ('void', 'void'), ('reject_request', 'reject_request'), ('resume', 'resume'), ('review_shelved', 'review_shelved'), ('unshelve', 'unshelve'), ('whistle', 'whistle'), ('assist', 'assist'), ('report_back', 'report_back'), ('remind', 'remind'), ('urge', 'urge'), ('supervise', 'supervise'), ('escalate_supervision', 'escalate_supervision'), ('instruct', 'instruct'), ('return_visit', 'return_visit'), ('merge', 'merge'), ('split', 'split')], max_length=32, verbose_name='步骤'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['-id'], name='matter_open'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['district_id', '-id'], name='matter_open_district'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['town_id', 'state', '-id'], name='matter_open_town'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['lead', 'state', '-id'], name='matter_open_lead'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('state__in', ['verifying', 'reported', 'dispatching', 'admitted', 'designating', 'handling', 'close_requested', 'checked'])), fields=['current_centre', 'state', '-id'], name='matter_open_centre'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('shelved_review_on__isnull', False)), fields=['shelved_review_on'], name='matter_shelved'),
        ),
        migrations.CreateModel(
            name='MatterApproval',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('paused', 'paused'), ('shelved_matter', 'shelved_matter'), ('extended', 'extended'), ('returned', 'returned'), ('voided', 'voided')], max_length=16, verbose_name='种类')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('rejected', 'rejected'), ('lapsed', 'lapsed')], max_length=12, verbose_name='状态')),
                ('reason', models.CharField(max_length=2000, verbose_name='理由')),
                ('asked', models.JSONField(default=dict, verbose_name='申请内容')),
                ('asked_by', models.UUIDField(null=True, verbose_name='申请账号')),
                ('asked_by_organisation', models.UUIDField(null=True, verbose_name='申请单位')),
                ('asked_by_post', models.CharField(blank=True, max_length=64, verbose_name='申请岗位')),
                ('asked_who', models.CharField(max_length=80, verbose_name='申请人')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('decided_by', models.UUIDField(null=True, verbose_name='审批账号')),
                ('decided_who', models.CharField(blank=True, max_length=80, verbose_name='审批人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('decision', models.CharField(blank=True, max_length=2000, verbose_name='审批意见')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '事件审批',
                'verbose_name_plural': '事件审批',
            },
        ),
        migrations.CreateModel(
            name='MatterExclusion',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('paused', 'paused'), ('shelved_matter', 'shelved_matter'), ('extended', 'extended'), ('returned', 'returned'), ('voided', 'voided')], max_length=16, verbose_name='种类')),
                ('since', models.DateTimeField(verbose_name='起始时间')),
                ('until', models.DateTimeField(null=True, verbose_name='终止时间')),
                ('reason', models.CharField(blank=True, max_length=2000, verbose_name='理由')),
                ('amount', models.PositiveIntegerField(null=True, verbose_name='数量')),
                ('unit', models.CharField(blank=True, max_length=16, verbose_name='单位')),
                ('minutes', models.IntegerField(default=0, verbose_name='分钟')),
                ('total_due_before', models.DateTimeField(verbose_name='原总时限')),
                ('total_due_after', models.DateTimeField(null=True, verbose_name='现总时限')),
                ('stage_due_before', models.DateTimeField(null=True, verbose_name='原环节时限')),
                ('stage_due_after', models.DateTimeField(null=True, verbose_name='现环节时限')),
                ('owner', models.UUIDField(null=True, verbose_name='责任单位')),
                ('review_on', models.DateField(null=True, verbose_name='复核日期')),
                ('organisation', models.UUIDField(null=True, verbose_name='提出单位')),
                ('approval', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matterapproval')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '剔除',
                'verbose_name_plural': '剔除清单',
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('matter_id', models.UUIDField(verbose_name='事件')),
                ('number', models.CharField(max_length=40, verbose_name='编号')),
                ('matter_type', models.CharField(max_length=32, verbose_name='事件类型')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('source_area', models.UUIDField(null=True, verbose_name='来源地')),
                ('centre', models.UUIDField(verbose_name='裁定中心')),
                ('centre_name', models.CharField(max_length=150, verbose_name='裁定中心名称')),
                ('parties', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='争议各方')),
                ('party_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), size=None, verbose_name='争议各方名称')),
                ('organisation', models.UUIDField(verbose_name='指定单位')),
                ('organisation_name', models.CharField(max_length=150, verbose_name='指定单位名称')),
                ('post', models.UUIDField(null=True, verbose_name='指定岗位')),
                ('clause', models.CharField(blank=True, max_length=500, verbose_name='依据')),
                ('reason', models.CharField(max_length=2000, verbose_name='理由')),
                ('ruled_at', models.DateTimeField(verbose_name='裁定时间')),
            ],
            options={
                'verbose_name': '指定管辖裁定',
                'verbose_name_plural': '指定管辖裁定',
                'indexes': [models.Index(fields=['matter_type', 'district_id', '-id'], name='ruling_type_district')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('dispatched', 'dispatched'), ('routed', 'routed'), ('assigned', 'assigned'), ('sent_up', 'sent_up'), ('sent_back', 'sent_back'), ('designated', 'designated')], max_length=12, verbose_name='方式')),
                ('given_by', models.UUIDField(null=True, verbose_name='交出单位')),
                ('given_by_name', models.CharField(blank=True, max_length=150, verbose_name='交出单位名称')),
                ('given_to', models.UUIDField(verbose_name='接收单位')),
                ('given_to_name', models.CharField(max_length=150, verbose_name='接收单位名称')),
                ('post', models.UUIDField(null=True, verbose_name='接收岗位')),
                ('who', models.CharField(max_length=80, verbose_name='交办人')),
                ('at', models.DateTimeField(verbose_name='交出时间')),
                ('due_at', models.DateTimeField(null=True, verbose_name='签收时限')),
                ('reason', models.CharField(blank=True, max_length=2000, verbose_name='理由')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='签收时间')),
                ('presumed', models.BooleanField(default=False, verbose_name='到期视同签收')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('ended_by', models.CharField(blank=True, max_length=20, verbose_name='结束方式')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '交接',
                'verbose_name_plural': '交接',
                'indexes': [models.Index(fields=['matter', 'id'], name='hand_over_matter'), models.Index(fields=['given_to', '-id'], name='hand_over_receiver')],
            },
        ),
        migrations.AddIndex(
            model_name='matterapproval',
            index=models.Index(fields=['matter', 'id'], name='approval_matter'),
        ),
        migrations.AddConstraint(
            model_name='matterapproval',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('matter',), name='one_request_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='matterapproval',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='another_person_decides'),
        ),
        migrations.AddIndex(
            model_name='matterexclusion',
            index=models.Index(fields=['matter', 'id'], name='exclusion_matter'),
        ),
        migrations.AddIndex(
            model_name='matterexclusion',
            index=models.Index(fields=['kind', 'since'], name='exclusion_kind'),
        ),
        run_sql("city1361.centres.execution", "the_road.sql"),
    ]
