"""Who acts without being a person, and what the facts of an action are about, in words."""

from django.utils.translation import gettext_lazy as _

ACTORS = {
    "worker": _("this node by itself"),
    "demonstration": _("the demonstration"),
    "command line": _("the command line"),
}
FACTS = {
    "asked": _("asked"),
    "recovered": _("brought back"),
    "by": _("by"),
    "code": _("reason"),
    "count": _("number"),
    "days": _("days"),
    "entries": _("lines"),
    "failure": _("reason"),
    "kind": _("kind"),
    "name": _("name"),
    "reason": _("reason"),
    "refused": _("refused"),
    "result": _("result"),
    "revision": _("revision"),
    "role": _("role"),
    "says": _("says"),
    "sent": _("sent"),
    "size": _("lines in all"),
    "status": _("status"),
    "to": _("to"),
    "version": _("version"),
    "why": _("reason"),
}
