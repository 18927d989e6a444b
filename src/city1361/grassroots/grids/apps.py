"""The Django application of the grids."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    """Brings the phone's navigation and the cards and latest reports of its home."""

    name = "city1361.grassroots.grids"
    label = "grassroots_grids"
    verbose_name = "一套网格"

    def ready(self) -> None:
        from city1361.grassroots.grids import registration, shelf

        registration.register()
        shelf.register()
