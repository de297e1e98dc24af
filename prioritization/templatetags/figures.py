"""`{{ row.gap|signed }}`: figures in templates as prioritization/figures.py writes them."""

from django import template

from prioritization import figures, frozen_words

register = template.Library()
register.filter("decimal", figures.decimal)
register.filter("signed", figures.signed)
register.filter("percent", figures.percent)
register.filter("certainty", figures.certainty)
register.filter("said_now", frozen_words.said_now)
