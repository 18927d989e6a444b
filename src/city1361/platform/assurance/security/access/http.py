"""The addresses of the API, under /api/v1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from city1361.platform.assurance.security.access.city_api import api

urlpatterns: list[URLPattern | URLResolver] = api.urls[0]
app_name = "api"
