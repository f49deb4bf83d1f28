"""How a decision goes from its first notification into law, step by step and clock by clock."""
