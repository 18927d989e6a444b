"""The Django application of the user interface."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Has `city1361 doctor` say when the front end was not built."""

    name = "city1361.base.ui"
    label = "base_ui"
    verbose_name = "界面"

    def ready(self) -> None:
        from city1361.base.kernel import registry
        from city1361.base.ui.assets import findings

        registry.register_doctor_check("front end", findings)
