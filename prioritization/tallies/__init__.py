"""The sums behind the matrix: exact to the last committed answer, however many there are.

Rows of answers are the truth. A worker digests them, each exactly once, into

- cubes: the histograms and cross-products of S14 for each month, of everybody and of each value of
  each segment, and the same over all months;
- blocks: the answers themselves, one byte a moment, for what no cube knows (days, crossed segments).

A reader takes cubes or blocks, and the rows that are not digested yet, in one statement.
"""
