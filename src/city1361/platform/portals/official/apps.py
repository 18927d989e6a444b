"""The Django application of the officials' end."""

from django.apps import AppConfig


class OfficialConfig(AppConfig):
    """Home by role; other modules bring the cards and sections."""

    name = "city1361.platform.portals.official"
    label = "platform_official"
    verbose_name = "渝快政端"

    def ready(self) -> None:
        from city1361.platform.portals.official import shelf

        shelf.register()
