"""Dates in English with the day first and the month in letters, as 11/12/2026 is one day in London and
another in Boston; hours from 0 to 24, as everywhere else in the product."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
