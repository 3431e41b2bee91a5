"""Where sign-in by django-allauth meets this project: language, audit rows, mail that cannot be sent."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.forms import BaseForm
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from kakehashi.accounts import queries
from kakehashi.accounts.models import User
from kakehashi.accounts.request import Request
from kakehashi.audit.actions import note

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):
    """What django-allauth asks; everything else is its default."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together."),
        "too_many_login_attempts": _("Too many tries. Please wait a few minutes and try again."),
        "rate_limited": _("Too many tries. Please wait a few minutes and try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. The app shows a new one every half minute."),
        "email_taken": _("Somebody with this address is here already."),
        "duplicate_email": _("This is your address already."),
        "same_as_current": _("This is the same as before."),
    }

    def save_user(self, request: Request, user: User, form: BaseForm, commit: bool = True) -> User:
        """A newcomer reads in the language of the page and is a reader until a manager says otherwise."""
        user.name = form.cleaned_data.get("name", "")
        user.language = (get_language() or "en")[:2]
        user.joined = request.now
        super().save_user(request, user, form, commit)
        note(at=request.now, actor=user.email, action="accounts.signup", object=user.email)
        return user

    def confirm_email(self, request: Request, email_address: EmailAddress) -> bool:
        before = email_address.user.email
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            facts = {"before": before} if before != email_address.email else {}
            note(at=request.now, actor=before, action="accounts.email", object=email_address.email, **facts)
        return confirmed

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        note(at=self.request.now, actor=user.email, action="accounts.password", object=user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person who reads it; a mail server that is down is said, not hidden."""
        person = queries.by_address(email)
        with override(person.language if person else get_language()):
            try:
                super().send_mail(template_prefix, email, context)
            except (OSError, SMTPException) as problem:
                log.exception("mail %s was not sent", template_prefix)
                page = render(self.request, "accounts/mail_not_sent.html", status=503)
                raise ImmediateHttpResponse(page) from problem


class SecondFactorAdapter(DefaultMFAAdapter):
    """The same for the second factor."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }
