"""Django's PostgreSQL backend with two things of our own, both for the sake of short requests."""
