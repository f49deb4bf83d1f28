"""A simulation as a table, as charts, and as a report to print."""
