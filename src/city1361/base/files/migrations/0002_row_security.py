"""An upload is its uploader's."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [("base_files", "0001_initial"), ("base_database", "0002_functions")]

    operations = [run_sql("city1361.base.files", "row_security.sql")]
