"""Finding things in the register and in collections. What is found is evidence for a reader, never a
legal answer."""
