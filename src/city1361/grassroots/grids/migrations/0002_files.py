"""Photographs are seen with their visit."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [("grassroots_grids", "0001_initial"), ("base_files", "0002_row_security")]

    operations = [run_sql("city1361.grassroots.grids", "file_security.sql")]
