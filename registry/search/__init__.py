"""Finding things in the register. What is found is evidence for a reader, never a legal answer."""
