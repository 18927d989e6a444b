"""The Django application of documents; it keeps no tables."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Typesetting: no rows, no pages, no permissions of its own."""

    name = "city1361.platform.components.documents"
    label = "platform_documents"
    verbose_name = "公文"
