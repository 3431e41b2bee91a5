"""Messages to the next page in a cookie that carries the node's name."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class NamedCookieStorage(CookieStorage):
    """Django's cookie storage under this node's own cookie name."""

    cookie_name = settings.MESSAGES_COOKIE_NAME
