"""The page that tells people what they may subscribe to and harvest."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kakehashi.accounts.request import Request
from kakehashi.records import labels
from kakehashi.records.kinds import KINDS
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language


@require_safe
def about(request: Request) -> HttpResponse:
    """Feeds by kind and by topic, and the address for harvesters."""
    lang = reader_language()
    context = {
        "kinds": [(code, labels.KINDS[code]) for code in KINDS],
        "topics": sorted(((code, names[lang]) for code, names in TOPICS.items()), key=lambda pair: pair[1]),
        "harvest": request.build_absolute_uri(reverse("oai")),
    }
    return render(request, "outlets/about.html", context)
