"""The module base.database (数据库)."""

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "city1361.base.database"
    label = "base_database"
    verbose_name = "数据库"

    def ready(self) -> None:
        from city1361.base.database import doctor, texts

        texts.declare()
        doctor.register()
