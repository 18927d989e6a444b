import city1361.base.kernel.ids
import city1361.platform.assurance.standards.areas.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from city1361.base.database.api import run_sql
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=16, verbose_name='层级')),
                ('kind', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('development_zone', 'development_zone'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=32, verbose_name='类别')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('short_name', models.CharField(max_length=50, verbose_name='简称')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '区域',
                'verbose_name_plural': '区域',
            },
        ),
        migrations.CreateModel(
            name='AreaChange',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('founded', 'founded'), ('abolished', 'abolished'), ('transferred', 'transferred')], max_length=16, verbose_name='变更')),
                ('on', models.DateField(verbose_name='生效日期')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('approximate', models.BooleanField(default=False, verbose_name='近似')),
                ('declared', models.BooleanField(default=False, verbose_name='来自实例目录')),
            ],
            options={
                'verbose_name': '区划变更',
                'verbose_name_plural': '区划变更',
            },
        ),
        migrations.CreateModel(
            name='AreaCode',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system', models.CharField(max_length=40, verbose_name='编码体系')),
                ('code', models.CharField(max_length=32, verbose_name='代码')),
                ('valid_from', models.DateField(verbose_name='启用日期')),
                ('valid_to', models.DateField(null=True, verbose_name='停用日期')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('approximate', models.BooleanField(default=False, verbose_name='近似')),
                ('declared', models.BooleanField(default=False, verbose_name='来自实例目录')),
            ],
            options={
                'verbose_name': '区域代码',
                'verbose_name_plural': '区域代码',
            },
        ),
        migrations.CreateModel(
            name='AreaPlacement',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('tree', models.CharField(choices=[('statutory', 'statutory'), ('governing', 'governing')], max_length=16, verbose_name='体系')),
                ('valid_from', models.DateField(verbose_name='启用日期')),
                ('valid_to', models.DateField(null=True, verbose_name='停用日期')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('approximate', models.BooleanField(default=False, verbose_name='近似')),
                ('declared', models.BooleanField(default=False, verbose_name='来自实例目录')),
            ],
            options={
                'verbose_name': '区域隶属',
                'verbose_name_plural': '区域隶属',
            },
        ),
        migrations.CreateModel(
            name='AreaShape',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.SmallIntegerField(verbose_name='序号')),
                ('level', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=16, verbose_name='层级')),
                ('ring', city1361.platform.assurance.standards.areas.fields.PolygonField(verbose_name='边界')),
                ('crs', models.CharField(max_length=16, verbose_name='坐标系')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
                ('approximate', models.BooleanField(default=False, verbose_name='近似')),
            ],
            options={
                'verbose_name': '区域边界',
                'verbose_name_plural': '区域边界',
            },
        ),
        migrations.CreateModel(
            name='AreaLineage',
            fields=[
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='lineage', serialize=False, to='platform_areas.area')),
                ('level', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=16, verbose_name='层级')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('code', models.CharField(max_length=32, verbose_name='代码')),
                ('path_names', models.CharField(max_length=300, verbose_name='名称路径')),
            ],
            options={
                'verbose_name': '区域谱系',
                'verbose_name_plural': '区域谱系',
            },
        ),
        migrations.AddIndex(
            model_name='area',
            index=models.Index(fields=['level', 'name'], name='area_level_name'),
        ),
        migrations.AddField(
            model_name='areachange',
            name='area',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areachange',
            name='destination',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areachange',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areacode',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areaplacement',
            name='area',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areaplacement',
            name='parent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placed', to='platform_areas.area'),
        ),
        migrations.AddField(
            model_name='areashape',
            name='area',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='shapes', to='platform_areas.area'),
        ),
        migrations.AddIndex(
            model_name='arealineage',
            index=models.Index(fields=['level', 'district_id'], name='area_lineage_district'),
        ),
        migrations.AddIndex(
            model_name='arealineage',
            index=models.Index(fields=['level', 'town_id'], name='area_lineage_town'),
        ),
        migrations.AddIndex(
            model_name='arealineage',
            index=models.Index(fields=['level', 'village_id'], name='area_lineage_village'),
        ),
        migrations.AddIndex(
            model_name='arealineage',
            index=models.Index(fields=['code'], name='area_lineage_code'),
        ),
        migrations.AddConstraint(
            model_name='areachange',
            constraint=models.UniqueConstraint(fields=('area', 'kind', 'on'), name='area_change_once'),
        ),
        migrations.AddConstraint(
            model_name='areacode',
            constraint=models.UniqueConstraint(fields=('code', 'valid_from'), name='area_code_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='areacode',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='area_code_open_once'),
        ),
        migrations.AddConstraint(
            model_name='areacode',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='area_code_period'),
        ),
        migrations.AddConstraint(
            model_name='areaplacement',
            constraint=models.UniqueConstraint(fields=('area', 'tree', 'valid_from'), name='area_placement_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='areaplacement',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('area', 'tree'), name='area_placement_open_once'),
        ),
        migrations.AddConstraint(
            model_name='areaplacement',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='area_placement_period'),
        ),
        migrations.AddConstraint(
            model_name='areaplacement',
            constraint=models.CheckConstraint(condition=models.Q(('area', models.F('parent')), _negated=True), name='area_placement_not_itself'),
        ),
        migrations.AddIndex(
            model_name='areashape',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('level', 'grid')), fields=['ring'], name='area_shape_grid_ring', opclasses=['poly_ops']),
        ),
        migrations.AddConstraint(
            model_name='areashape',
            constraint=models.UniqueConstraint(fields=('area', 'place'), name='area_shape_place_once'),
        ),
        run_sql('city1361.platform.assurance.standards.areas', 'lineage.sql'),
    ]
