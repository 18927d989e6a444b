"""The Django application of the archive."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Tells `city1361 doctor` which months are old enough, and whether what was archived is still there."""

    name = "city1361.base.archive"
    label = "base_archive"
    verbose_name = "归档"

    def ready(self) -> None:
        from city1361.base.archive.doctor import findings
        from city1361.base.archive.terms import Permission
        from city1361.base.kernel import registry

        registry.register_permissions(Permission)
        registry.register_doctor_check("archive", findings)
