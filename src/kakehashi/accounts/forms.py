"""Forms of sign-in, settings and people."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kakehashi.accounts import ports
from kakehashi.accounts.models import User
from kakehashi.accounts.organisations import meant
from kakehashi.accounts.viewer import Role, Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ADDRESS = _("E-mail address")
PASSWORD = _("Password")
NEW: Mapping[str, "StrOrPromise"] = {"password1": _("New password")}
CODE = _("Six-digit code, or one of your recovery codes")


class Relabelled:
    """A form of django-allauth with our words as labels, and none inside the fields, where they vanish."""

    fields: dict[str, forms.Field]
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {}
    first: ClassVar[str] = ""  # where one types at once, on a page that is there for nothing else

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.first:
            self.fields[self.first].widget.attrs["autofocus"] = True
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields.pop("password2", None)  # who mistypes gets a new link; once is enough
        for name, label in self.labels.items():
            self.fields[name].label = label
            if name in ("password", "oldpassword"):
                self.fields[name].help_text = ""  # the way to a new password stands below the form


class LoginForm(Relabelled, account.LoginForm):
    """Sign-in by e-mail and password."""

    first = "login"
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {
        "login": ADDRESS,
        "password": PASSWORD,
        "remember": _("Stay signed in on this device"),
    }


class SignupForm(Relabelled, account.SignupForm):
    """A newcomer, who becomes a reader."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"email": ADDRESS, "password1": PASSWORD}


class AddressForm(Relabelled, account.AddEmailForm):
    """Another address for oneself."""

    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"email": _("New e-mail address")}


class ForgottenForm(Relabelled, account.ResetPasswordForm):
    """Where to send the link for a new password."""

    first = "email"
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"email": ADDRESS}


class NewPasswordForm(Relabelled, account.ResetPasswordKeyForm):
    """A new password by the link in a mail."""

    labels: ClassVar[Mapping[str, "StrOrPromise"]] = NEW


class ChangePasswordForm(Relabelled, account.ChangePasswordForm):
    """A new password by the old one."""

    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"oldpassword": _("Present password"), **NEW}


class SetPasswordForm(Relabelled, account.SetPasswordForm):
    """A first password for somebody who is signed in."""

    labels: ClassVar[Mapping[str, "StrOrPromise"]] = NEW


class ConfirmPasswordForm(Relabelled, account.ReauthenticateForm):
    """The password once more before something that matters."""

    first = "password"
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"password": PASSWORD}


class CodeForm(Relabelled, mfa.AuthenticateForm):
    """The second factor at sign-in."""

    first = "code"
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"code": CODE}


class ConfirmCodeForm(Relabelled, mfa.ReauthenticateForm):
    """The second factor before something that matters."""

    first = "code"
    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"code": CODE}


class ActivateForm(Relabelled, totp.ActivateTOTPForm):
    """The first code of a new app."""

    labels: ClassVar[Mapping[str, "StrOrPromise"]] = {"code": _("Six-digit code that the app shows")}


class SettingsForm(forms.Form):
    """What people may say about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of your mails"),
        help_text=_("The language of a page is the one that you choose at its top."),
        choices=settings.LANGUAGES,
    )


class PlaceForm(forms.Form):
    """A role, and the organisation of those who belong to one."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=lambda value: Role(int(value)))
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("Its name, or the address of its page here. Members need one; they edit its records."),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, viewer: Viewer, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = ports.organisations(viewer, now)
        roles = cast(forms.ChoiceField, self.fields["role"])
        roles.choices = [(value, name) for value, name in User.ROLES if value <= viewer.role]

    def clean_organisation(self) -> UUID | None:
        words = self.cleaned_data["organisation"].strip()
        if not words:
            return None
        found = meant(words, self.organisations)
        if not found:
            raise forms.ValidationError(_("No organisation of this node has that name or address."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several organisations have that name; paste the address of the page of the one you mean.")
            )
        return found[0].id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.MEMBER and "organisation" in cleaned and not cleaned["organisation"]:
            self.add_error("organisation", _("A member belongs to an organisation; please name it."))
        return cleaned


class InviteForm(PlaceForm):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    field_order = ("email", "name", "role", "organisation", "language")
