"""The priorities of a ratings file: what `manage.py prioritize` answers, as data, JSON, table, chart."""
