"""A client's old survey into the product: a file of answers, described column by column, then imported.

upload.py    bytes of any maker to CSV in UTF-8, hostile files refused
headings.py  what a heading probably means
choices.py   what the person says each column holds
reading.py   file and choices to arrays of answers, or faults with line and column
writing.py   answers to a survey with closed waves, in one transaction; and back
jobs.py      the row is the job
"""
