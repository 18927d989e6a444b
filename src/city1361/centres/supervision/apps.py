"""The Django application of supervision."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Reminders, cards, instructions and return visits."""

    name = "city1361.centres.supervision"
    label = "centres_supervision"
    verbose_name = "一览无余"

    def ready(self) -> None:
        from city1361.centres.supervision import registration

        registration.register()
