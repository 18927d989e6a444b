"""The web application (WSGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
application = get_wsgi_application()
