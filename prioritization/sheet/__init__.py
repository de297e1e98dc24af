"""A cycle as a workbook: what the document rounds and leaves out, to be worked on."""
