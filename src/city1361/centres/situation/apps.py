"""The Django application of situation."""

from django.apps import AppConfig


class SituationConfig(AppConfig):
    """Counters, figures and the boards that show them."""

    name = "city1361.centres.situation"
    label = "centres_situation"
    verbose_name = "一屏掌控"

    def ready(self) -> None:
        from city1361.centres.situation import registration

        registration.register()
