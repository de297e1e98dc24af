"""A cycle in and out: moments as a table (CSV, XLSX), a whole cycle as one document (JSON).

columns.py     what a column of the table may hold: its headings, how a cell is read and written
table_file.py  bytes of any maker to rows with their line numbers, hostile files refused
mapping.py     which column holds what: guessed, then as the person says
rows.py        cells to moments, or faults with line and column
writing.py     moments into a cycle, all or nothing
leaving.py     a cycle as CSV, XLSX, JSON
cycle_file.py  a JSON file to a document that is known to be right, or what is wrong with it
"""
