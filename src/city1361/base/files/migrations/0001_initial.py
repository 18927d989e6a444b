"""Uploads: who, what, whose, where."""

import city1361.base.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [("base_database", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, primary_key=True, serialize=False, verbose_name='标识')),
                ('account', models.UUIDField(null=True, verbose_name='上传账号')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('received_hash', models.CharField(max_length=64, verbose_name='收到内容的校验值')),
                ('received_bytes', models.IntegerField(verbose_name='收到字节数')),
                ('content', models.CharField(max_length=64, verbose_name='内容地址')),
                ('thumb', models.CharField(blank=True, max_length=64, verbose_name='缩略图地址')),
                ('media_type', models.CharField(max_length=32, verbose_name='文件类型')),
                ('bytes', models.IntegerField(verbose_name='字节数')),
                ('width', models.IntegerField(null=True, verbose_name='宽')),
                ('height', models.IntegerField(null=True, verbose_name='高')),
                ('fingerprint', models.BigIntegerField(null=True, verbose_name='图像指纹')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='文件名')),
                ('purpose', models.CharField(max_length=40, verbose_name='用途')),
                ('data_class', models.CharField(max_length=16, verbose_name='数据分级')),
                ('owner_kind', models.CharField(blank=True, max_length=40, verbose_name='所属类别')),
                ('owner_id', models.CharField(blank=True, max_length=64, verbose_name='所属对象')),
                ('linked_at', models.DateTimeField(null=True, verbose_name='关联时间')),
            ],
            options={
                'verbose_name': '附件',
                'verbose_name_plural': '附件',
                'indexes': [models.Index(fields=['owner_kind', 'owner_id'], name='base_files_owner'), models.Index(fields=['account', 'uploaded_at'], name='base_files_account_day'), models.Index(fields=['content'], name='base_files_content'), models.Index(fields=['thumb'], name='base_files_thumb'), models.Index(condition=models.Q(('owner_kind', '')), fields=['uploaded_at'], name='base_files_unlinked')],
                'constraints': [models.UniqueConstraint(models.F('account'), models.F('received_hash'), models.F('purpose'), condition=models.Q(('owner_kind', '')), name='base_files_one_unlinked', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('linked_at', None), ('owner_id', ''), ('owner_kind', '')), models.Q(models.Q(('owner_kind', ''), _negated=True), models.Q(('owner_id', ''), _negated=True), ('linked_at__isnull', False)), _connector='OR'), name='base_files_linked_or_not')],
            },
        ),
    ]
