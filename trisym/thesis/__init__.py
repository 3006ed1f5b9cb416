"""The thesis's statements, judged by rules against the tables that `reproduce` wrote."""
