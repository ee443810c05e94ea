"""Dynamic tables: a query, a declared lag, and an engine that keeps the table equal to the query within it."""
