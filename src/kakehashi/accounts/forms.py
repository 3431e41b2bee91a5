"""Forms of sign-in, settings and people."""

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth.LoginForm):
    """Sign-in by e-mail and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""  # the way to a new password stands below the form
        self.fields["remember"].label = _("Stay signed in on this device")


class SignupForm(allauth.SignupForm):
    """A newcomer: who becomes a reader."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password1"].label = _("Password")
