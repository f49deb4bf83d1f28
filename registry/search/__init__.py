"""Finding things in the register and in collections of structures."""
