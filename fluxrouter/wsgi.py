"""The web server's entry. Refuses to start on a database that the Data API can see."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxrouter.settings")

application = get_wsgi_application()

from fluxrouter.foundation.checks import refuse_exposed_database  # noqa: E402  (apps are ready)

refuse_exposed_database()
