"""Without a bound scope no matter is seen."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [("centres_execution", "0010_said")]

    operations = [run_sql("city1361.centres.execution", "seen_unbound.sql")]
