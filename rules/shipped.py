"""The law that ships, read when this module is imported: workers are forked with it in memory."""

from __future__ import annotations

from rules.load import load_law

LAW = load_law()
