"""Addresses of matching."""

from django.urls import path

from kakehashi.matching.views import desk, pairs, saved, search, terms

app_name = "matching"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/save/", saved.save, name="save-search"),
    path("search/saved/", saved.saved, name="saved"),
    path("search/saved/end/<str:token>/", saved.end, name="saved-end"),
    path("matches/", pairs.matches, name="matches"),
    path("matches/<int:key>/", pairs.match, name="match"),
    path("matches/<int:key>/phrases/", pairs.phrases, name="phrases"),
    path("matches/<int:key>/decide/", desk.decide, name="decide"),
    path("matches/<int:key>/pass/", desk.pass_on, name="pass"),
    path("glossary/", terms.terms, name="terms"),
    path("glossary/new/", terms.term, name="term-new"),
    path("glossary/changes/<int:change>/undo/", terms.undo, name="term-undo"),
    path("glossary/proposals/<str:origin>/<uuid:record>/", terms.proposal, name="term-proposal"),
    path("glossary/<slug:slug>/", terms.term, name="term"),
    path("matches/of/<str:origin>/<uuid:record>/", pairs.for_record, name="for-record"),
]
