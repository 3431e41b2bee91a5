"""All addresses: pages below a language, the exchange below /kx/v1/, and what machines ask for."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from kakehashi.exchange import api as exchange
from kakehashi.outlets.views import harvest
from kakehashi.ui import views as ui

urlpatterns = [
    path("", ui.choose_language),
    path("healthz", ui.healthz),
    path("", include("kakehashi.exchange.urls_kx")),
    path("", include("kakehashi.recovery.urls_kx")),
    path("", include("kakehashi.proving.urls_kx")),
    re_path("^kx/v1/", exchange.unknown),
    path("oai", harvest.oai, name="oai"),
    path("oai/record.xsd", harvest.schema, name="oai-schema"),
    *i18n_patterns(
        path("", include("kakehashi.missions.urls")),
        path("", include("kakehashi.introductions.urls")),
        path("", include("kakehashi.matching.urls")),
        path("", include("kakehashi.importers.urls")),
        path("", include("kakehashi.outlets.urls")),
        path("", include("kakehashi.proving.urls")),
        path("", include("kakehashi.recovery.urls")),
        path("", include("kakehashi.exchange.urls")),
        path("", include("kakehashi.agreements.urls")),
        path("", include("kakehashi.sme.urls")),
        path("", include("kakehashi.quality.urls")),
        path("", include("kakehashi.records.urls")),
        path("", include("kakehashi.accounts.urls")),
        path("", include("kakehashi.audit.urls")),
        path("account/", include("allauth.urls")),
        path("", include("kakehashi.practices.urls")),
        path("", include("kakehashi.reports.urls")),
        path("", include("kakehashi.newsroom.urls")),
        prefix_default_language=True,
    ),
]
handler400 = "kakehashi.ui.views.bad_request"
handler403 = "kakehashi.ui.views.not_allowed"
handler404 = "kakehashi.ui.views.not_found"
handler500 = "kakehashi.ui.views.broken"
