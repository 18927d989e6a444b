"""The Django application of command."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """Whistles and assisting tasks about matters."""

    name = "city1361.centres.command"
    label = "centres_command"
    verbose_name = "一键智达"

    def ready(self) -> None:
        from city1361.centres.command import registration

        registration.register()
