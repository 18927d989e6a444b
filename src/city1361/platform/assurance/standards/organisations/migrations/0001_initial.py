import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
        ('platform_areas', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=80, unique=True, verbose_name='编号')),
                ('kind', models.CharField(max_length=40, verbose_name='类型')),
                ('level', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=16, verbose_name='层级')),
                ('name', models.CharField(max_length=150, verbose_name='名称')),
                ('short_name', models.CharField(max_length=80, verbose_name='简称')),
                ('line', models.CharField(max_length=40, verbose_name='条线')),
                ('line_name', models.CharField(max_length=40, verbose_name='条线名称')),
                ('category', models.CharField(choices=[('authority', 'authority'), ('institution', 'institution'), ('mass_organisation', 'mass_organisation'), ('other_body', 'other_body')], max_length=20, verbose_name='机构类别')),
                ('uscc', models.CharField(max_length=18, unique=True, verbose_name='统一社会信用代码')),
                ('valid_from', models.DateField(verbose_name='设立日期')),
                ('valid_to', models.DateField(null=True, verbose_name='撤销日期')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成代码')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='platform_areas.area')),
            ],
            options={
                'verbose_name': '机构',
                'verbose_name_plural': '机构',
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=120, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('function', models.CharField(choices=[('direct', 'direct'), ('duty', 'duty'), ('handle', 'handle'), ('check', 'check'), ('patrol', 'patrol'), ('administer', 'administer')], max_length=16, verbose_name='职能')),
                ('shift', models.BooleanField(default=False, verbose_name='轮班')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='platform_organisations.organisation')),
            ],
            options={
                'verbose_name': '岗位',
                'verbose_name_plural': '岗位',
            },
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['area', 'kind'], name='organisation_area_kind'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['line', 'level'], name='organisation_line_level'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='organisation_period'),
        ),
    ]
