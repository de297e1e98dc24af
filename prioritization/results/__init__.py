"""What customers answered, question by question: distributions, headline figures, comments, files.

`who.py` decides which groups may be looked at (S0), `counts.py` reads them, `cells.py` hides what would
show a person, `page.py` puts the page together, `export.py` writes the answers out.
"""
