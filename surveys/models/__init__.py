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
from surveys.models.visits import (
    Criterion,
    CriterionWeight,
    Shopper,
    Visit,
    VisitPhoto,
    VisitScore,
    VisitState,
)

__all__ = [
    "Address",
    "Campaign",
    "Contact",
    "ContactFile",
    "ContactImport",
    "Criterion",
    "CriterionWeight",
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
    "Shopper",
    "Suppression",
    "Survey",
    "SurveyStatus",
    "Visit",
    "VisitPhoto",
    "VisitScore",
    "VisitState",
    "Wave",
    "Why",
]
