"""Constructs that need the whole judge: names, dates, other provisions, what no structure shows."""

from __future__ import annotations
