"""A matter is read with all that a step asks of it by one call."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0005_apply'),
        ('platform_areas', '0001_initial'),
        ('platform_organisations', '0001_initial'),
    ]

    operations = [
        run_sql("city1361.centres.execution", "read.sql"),
    ]
