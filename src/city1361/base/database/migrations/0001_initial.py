"""The rights of the application role, the functions of row security, and monthly partitions."""

from django.db import migrations

from city1361.base.database.migrating import grant_to_application, run_sql

PACKAGE = "city1361.base.database"


class Migration(migrations.Migration):
    initial = True
    run_before = [("contenttypes", "0001_initial")]
    dependencies = []

    operations = [
        grant_to_application(),
        run_sql(PACKAGE, "scope.sql"),
        run_sql(PACKAGE, "partitions.sql"),
    ]
