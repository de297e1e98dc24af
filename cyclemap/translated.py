"""Texts of a client in more than one language, kept beside the text itself.

The text is written in one language; `translations` may add others: {"en": {"name": "Pay"}}.
Reading falls back to the text itself, so nothing is ever blank and nothing is machine-translated.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Translated(models.Model):
    translations = models.JSONField(_("translations"), default=dict, blank=True)

    class Meta:
        abstract = True

    def text(self, field: str, language: str | None = None) -> str:
        """The field in a language (the active one unless told), or as it was written."""
        language = (language or get_language() or "")[:2]
        text: str = self.translations.get(language, {}).get(field) or getattr(self, field)
        return text

    def translate(self, language: str, **texts: str) -> None:
        """Set or, with an empty text, remove translations. Does not save."""
        known = {**self.translations.get(language, {}), **texts}
        self.translations = {**self.translations, language: {k: v for k, v in known.items() if v}}
