"""The Django application of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Nothing to start: the index is written by those whose rows it finds."""

    name = "city1361.base.search"
    label = "base_search"
    verbose_name = "检索"
