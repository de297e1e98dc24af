"""Asking: contacts, the frozen instrument, its waves, the outbox, what came back."""

from surveys.models.answers import Draft, Rating, Response
from surveys.models.instrument import (
    Address,
    ContactFile,
    Importance,
    Item,
    OpenLink,
    Question,
    QuestionKind,
    Respondent,
    Survey,
    SurveyStatus,
    Wave,
)
from surveys.models.knocks import Knock
from surveys.models.mail import Campaign, Invitation, MailState, OutgoingMail, SenderPause, SendingState
from surveys.models.people import Contact, ContactImport, ListState, Segment, Suppression, Why

__all__ = [
    "Address",
    "Campaign",
    "Contact",
    "ContactFile",
    "ContactImport",
    "Draft",
    "Importance",
    "Invitation",
    "Item",
    "Knock",
    "ListState",
    "MailState",
    "OpenLink",
    "OutgoingMail",
    "Question",
    "QuestionKind",
    "Rating",
    "Respondent",
    "Response",
    "Segment",
    "SenderPause",
    "SendingState",
    "Suppression",
    "Survey",
    "SurveyStatus",
    "Wave",
    "Why",
]
