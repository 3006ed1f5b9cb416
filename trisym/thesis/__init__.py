"""What the thesis states, judged by rules against the tables that `reproduce` wrote."""
