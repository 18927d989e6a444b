"""A step is written by one call."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0004_ruling_centre'),
        ('platform_processes', '0001_initial'),
        ('base_evidence', '0002_insert'),
        ('base_outbox', '0002_insert'),
    ]

    operations = [
        run_sql("city1361.centres.execution", "apply.sql"),
    ]
