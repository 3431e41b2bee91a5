"""Words of missions: priorities, languages, what stands against a talk, what is wrong with a line."""

from django.utils.translation import gettext_lazy as _

PRIORITY = {
    3: _("must meet"),
    2: _("would like to meet"),
    1: _("if there is time"),
}
LANGUAGES = {"de": _("German"), "ja": _("Japanese"), "en": _("English")}

CONFLICTS = {
    "company-twice": _("%(about)s has two talks at the same time."),
    "company-away": _("%(about)s is not there at this time."),
    "company-too-many": _("%(about)s has more talks than it wants."),
    "company-unknown": _("One of the two does not take part any more."),
    "same-side": _("Both are of the same side."),
    "pair-twice": _("The two meet twice."),
    "table-twice": _("%(about)s is given away twice."),
    "table-away": _("%(about)s cannot be used at this time."),
    "table-unknown": _("This table is not, or no longer, in the programme."),
    "interpreter-missing": _("The two have no language in common, and no interpreter is free."),
    "interpreter-unknown": _("%(about)s is not, or no longer, in the programme."),
    "interpreter-language": _("%(about)s does not speak the languages of the two."),
    "interpreter-away": _("%(about)s is not there at this time."),
    "interpreter-twice": _("%(about)s is needed in two talks at the same time."),
    "slot-unknown": _("The programme has no talks at this time any more."),
}

LINES = {
    "hours-missing": _("Line %(line)s: the hours are missing, such as 09:30-17:00."),
    "day-missing": _("Line %(line)s: the day is missing, such as 2026-11-24."),
    "ends-before": _("Line %(line)s: it ends before it begins."),
    "name-twice": _("Line %(line)s: this name is there already."),
    "language-unknown": _("Line %(line)s: languages are written as de, ja or en."),
    "language-missing": _("Line %(line)s: say between which languages, such as: Interpreter 1; ja, en."),
}

FAULTS = {
    "columns-missing": _("These columns are needed: %(words)s."),
    "company-unknown": _("“%(words)s” takes part under no such name."),
    "not-yours": _("The part of “%(words)s” is written by its own cluster or organisation."),
    "same-side": _("“%(words)s” is of the same side."),
    "priority-unknown": _("“%(words)s” is no priority: write 1, 2 or 3 (the reason to come)."),
    "twice": _("This is the second line about “%(words)s”."),
    "why-too-long": _("The reason is longer than 500 characters."),
    "time-unknown": _("When this talk begins cannot be read."),
    "time-outside": _("The programme has no talk that begins at this time."),
    "host-only": _("Only the host’s team brings in talks."),
    "contact": _("The reason holds an address or a telephone number: it would cross to the partner."),
}
