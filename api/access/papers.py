"""What `allow` has to know of each kind of record, read from its facts."""

from __future__ import annotations

from collections.abc import Iterable

from api.access.allow import Standing, firm
from registry.trade_facts import Authorisation, Notification, Paper, Party

EXPORTS = (Paper.EXPORT, Paper.EXPORT_DECLARATION)
IMPORTS = (Paper.IMPORT, Paper.SPECIAL_IMPORT_LICENCE)


def of_authorisation(paper: Authorisation, applicant: str = "") -> Standing:
    """`applicant` is the actor who drafted it.

    Leave it out when asking whether somebody may draft: then only the firm applied for counts, and
    nobody applies in the name of another.
    """
    exporting, importing = paper.paper in EXPORTS, paper.paper in IMPORTS
    own = {applicant, *_firms([paper.exporter] * exporting, [paper.importer] * importing)}
    every = _firms([paper.exporter, paper.importer], [paper.consignee], paper.others)
    return Standing(
        subject=paper.id,
        own=frozenset(own - {""}),
        named=frozenset(every - own),
        country=paper.jurisdiction,
        other_end=frozenset({paper.route.origin, paper.route.destination} - {paper.jurisdiction}),
        transit=frozenset(paper.route.via),
        state=paper.state.value,
    )


def of_notification(notice: Notification) -> Standing:
    """The sender's authority makes it; the receiver's is the other end."""
    own = _firms([notice.exporter])
    return Standing(
        subject=notice.id,
        own=frozenset(own),
        named=frozenset(_firms([notice.importer, notice.consignee]) - own),
        country=notice.sender.country,
        other_end=frozenset({notice.receiver.country} - {notice.sender.country}),
        transit=frozenset(notice.route.via),
        state=notice.state.value,
    )


def of_ledger(ledger: str, country: str) -> Standing:
    """A ledger is its country's; it has no states."""
    return Standing(subject=ledger, country=country)


def _firms(*parties: Iterable[Party | None]) -> set[str]:
    """Each firm by its licence and by its name, since a key may know it by either."""
    known = (party for some in parties for party in some if party is not None)
    return {firm(one.country, text) for one in known for text in (one.licence, one.name)} - {""}
