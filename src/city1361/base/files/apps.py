"""The Django application of the files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the clean-up of uploads that nobody linked to anything."""

    name = "city1361.base.files"
    label = "base_files"
    verbose_name = "附件"

    def ready(self) -> None:
        from city1361.base.files.keeping import expire_unlinked, sweep_orphans
        from city1361.base.kernel import registry

        registry.register_periodic("files.expire_unlinked", "23 * * * *", expire_unlinked)
        registry.register_periodic("files.sweep_orphans", "41 19 * * *", sweep_orphans)
