"""Addresses of the report, of what its numbers were counted from, and of its files."""

from django.urls import path

from kakehashi.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.latest, name="latest"),
    path("reports/<str:period>/", views.report, name="report"),
    path("reports/<str:period>/evidence/", views.evidence, name="evidence"),
    path("reports/<str:period>/companies/", views.companies, name="companies"),
    path("reports/<str:period>/introductions/<str:stage>/", views.introductions, name="introductions"),
    path("reports/<str:period>/report.xlsx", views.spreadsheet, name="spreadsheet"),
    path("reports/<str:period>/report.pdf", views.paper, name="paper"),
]
