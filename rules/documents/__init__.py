"""What the treaties want written on a paper."""
