"""The law that ships, read when this module is imported: workers are forked with it in memory."""

from __future__ import annotations

from api.law import shipped

LAW = shipped()
