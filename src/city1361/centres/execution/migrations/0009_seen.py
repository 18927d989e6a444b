"""Whether a matter is seen is asked by one function with a plan of its own."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("centres_execution", "0008_counted"),
    ]

    operations = [
        run_sql("city1361.centres.execution", "seen.sql"),
    ]
