"""Mystery visits: planned, filled in at a link or typed in, reviewed, scored; and who made them, hidden."""
