"""Acts on papers and ledgers: one transaction each, with permission and audit."""
