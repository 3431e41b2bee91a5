"""The type of a text that is translated when it is shown; django-stubs knows it under a name of their own."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

__all__ = ["Promise"]
