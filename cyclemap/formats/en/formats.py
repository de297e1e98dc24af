"""Short dates in English, with the month in letters: 11/12/2026 is one day in London, another in Boston."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
