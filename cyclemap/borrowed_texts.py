"""Texts of Django and of allauth that we word ourselves.

Their Spanish says usted, ours says tú, and some of it is stiff. A catalogue of a project comes before
those of its packages, so naming a text here puts it into our catalogue. Nothing calls this module.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

OF_DJANGO = (
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a number."),
    _("Enter a whole number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a list of values."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("This field is required."),
    _("No file was submitted. Check the encoding type on the form."),
    _("No file was submitted."),
    _("The submitted file is empty."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Null characters are not allowed."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)

OF_ALLAUTH = (
    _("The email address and/or password you specified are not correct."),
    _("Please type your current password."),
    _("Invalid login."),
    _("Too many failed login attempts. Try again later."),
    _("This account is currently inactive."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("You must type the same password each time."),
    _("You must type the same email each time."),
    _("The password reset token was invalid."),
    _("Forgot your password?"),
    _("Remember Me"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You have confirmed %(email)s."),
    _("Removed email address %(email)s."),
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
    _("A sign-in code has been sent to %(recipient)s."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Your primary email address must be verified."),
    _("Sign In"),
    _("Enter your password:"),
    _("Alternative options"),
    _("You are receiving this mail because the following change was made to your account:"),
    _(
        "If you do not recognize this change then please take proper security precautions "
        "immediately. The change to your account originates from:\n\n- IP address: %(ip)s\n"
        "- Browser: %(user_agent)s\n- Date: %(timestamp)s"
    ),
    _("Hello from %(site_name)s!"),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Email Changed"),
    _("Your email has been confirmed."),
    _("Your password has been changed."),
    _("Password Changed"),
    _("Your password has been reset."),
    _("Your password has been set."),
    _("Two-Factor Authentication"),
    _("Authenticator App"),
    _("Authentication using an authenticator app is active."),
    _("Your account is protected by two-factor authentication. Please enter an authenticator code:"),
    _("Enter an authenticator code:"),
    _("Authenticator code"),
    _("Security Keys"),
    _("No security keys have been added."),
    _("No recovery codes set up."),
    _("Manage"),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but "
        "imposes additional requirements such as biometrics or PIN protection."
    ),
    _("Activate Authenticator App"),
    _(
        "To protect your account with two-factor authentication, scan the QR code below "
        "with your authenticator app. Then, input the verification code generated by the "
        "app below."
    ),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("Are you sure?"),
    _("A new set of recovery codes has been generated."),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("Save them  in a secure location now — they won't be shown again."),
    _("Unused codes"),
    _("Download codes"),
    _("Generate new codes"),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("A new security key has been added."),
    _("A security key has been removed."),
    _("Security Key Added"),
    _("Security Key Removed"),
    _("Security key added."),
    _("Security key removed."),
    _("Security key"),
    _("Passkey"),
    _("This functionality requires JavaScript."),
    ngettext_lazy(
        "You have added %(count)s security key.",
        "You have added %(count)s security keys.",
    ),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
    ),
)
