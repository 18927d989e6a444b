import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicationPackage',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='编号')),
                ('title_zh', models.CharField(max_length=120, verbose_name='名称')),
                ('title_en', models.CharField(max_length=200, verbose_name='英文名称')),
                ('system', models.CharField(choices=[('party', 'party'), ('government', 'government'), ('economy', 'economy'), ('society', 'society'), ('culture', 'culture'), ('law', 'law'), ('grassroots', 'grassroots')], max_length=12, verbose_name='系统')),
                ('owner', models.CharField(max_length=60, verbose_name='牵头单位')),
                ('place', models.PositiveIntegerField(verbose_name='次序')),
                ('current', models.PositiveIntegerField(verbose_name='现行版次')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='下线时间')),
            ],
            options={
                'verbose_name': '应用包',
                'verbose_name_plural': '应用包',
                'ordering': ['place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PackageVersion',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要值')),
                ('manifest', models.JSONField(verbose_name='清单')),
                ('content', models.JSONField(verbose_name='内容')),
                ('files', models.JSONField(verbose_name='文件摘要值')),
                ('summaries', models.JSONField(verbose_name='安装结果')),
                ('accepted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None, verbose_name='已同意的权限')),
                ('installed_at', models.DateTimeField(verbose_name='安装时间')),
                ('installed_by', models.CharField(max_length=120, verbose_name='安装人')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='platform_packages.applicationpackage', verbose_name='应用包')),
            ],
            options={
                'verbose_name': '应用包版次',
                'verbose_name_plural': '应用包版次',
                'constraints': [models.UniqueConstraint(fields=('package', 'number'), name='package_version_number')],
            },
        ),
    ]
