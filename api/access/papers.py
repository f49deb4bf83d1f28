"""What `allow` has to know of each kind of record, read from its facts."""

from __future__ import annotations

from collections.abc import Iterable

from api.access.acts import Act
from api.access.allow import Standing, firm
from registry.trade_facts import Authorisation, Notification, Paper, Party

EXPORTS = (Paper.EXPORT, Paper.EXPORT_DECLARATION)
IMPORTS = (Paper.IMPORT, Paper.SPECIAL_IMPORT_LICENCE)

LEDGER_ACTS: dict[str, str] = {
    "limit": Act.LEDGER_SET,
    "supplement": Act.LEDGER_SUPPLEMENT,
    "outside": Act.LEDGER_OUTSIDE,
}
NOTIFICATION_ACTS: dict[str, str] = {
    **dict.fromkeys(("compose", "amend"), Act.NOTIFICATION_COMPOSE),
    **dict.fromkeys(("receive", "deliver", "read", "expire"), Act.NOTIFICATION_RECORD),
    **dict.fromkeys(("no_objection", "objection", "more_information"), Act.NOTIFICATION_REPLY),
    **dict.fromkeys(("suspend", "resume"), Act.NOTIFICATION_SUSPEND),
    **dict.fromkeys(("ship", "cancel", "divert"), Act.NOTIFICATION_CLOSE),
}


def of_authorisation(paper: Authorisation, applicant: str = "") -> Standing:
    """`applicant` is the actor who drafted it.

    Leave it out when asking whether somebody may draft: then only the firm applied for counts, and
    nobody applies in the name of another. Nobody else meets a paper that has no number yet.
    """
    exporting, importing = paper.paper in EXPORTS, paper.paper in IMPORTS
    own = {applicant, *_firms([paper.exporter] * exporting, [paper.importer] * importing)}
    every = _firms([paper.exporter, paper.importer], [paper.consignee], paper.others)
    ends = {paper.route.origin, paper.route.destination} - {paper.jurisdiction}
    met = bool(paper.number)
    return Standing(
        subject=paper.id,
        own=frozenset(own - {""}),
        named=frozenset((every - own) if met else ()),
        country=paper.jurisdiction,
        other_end=frozenset(ends if met else ()),
        transit=frozenset(paper.route.via if met else ()),
        state=paper.state.value,
    )


def of_notification(notice: Notification, *, received: bool = False) -> Standing:
    """`received`: kept here as it came in, so that the receiver's authority keeps the record."""
    sender, receiver = notice.sender.country, notice.receiver.country
    keeper, other = (receiver, sender) if received else (sender, receiver)
    own = _firms([notice.exporter])
    return Standing(
        subject=notice.id,
        own=frozenset(own),
        named=frozenset(_firms([notice.importer, notice.consignee]) - own),
        country=keeper,
        other_end=frozenset({other} - {keeper}),
        transit=frozenset(notice.route.via),
        state=notice.state.value,
    )


def of_ledger(ledger: str, keeper: str, holder: str = "") -> Standing:
    """A ledger is the country's that keeps it; a quota also its holder's. It has no states."""
    return Standing(ledger, own=frozenset({firm(keeper, holder)} - {""}), country=keeper)


def of_draft(draft: str, owner: str, country: str = "") -> Standing:
    """A draft is its owner's, and of the country that the owner acts for. It has no states."""
    return Standing(draft, own=frozenset({owner}), country=country)


def of_border(number: str, country: str) -> Standing:
    """Goods that stand at the border of a country with the paper of this number."""
    return Standing(number, country=country)


def authorisation_act(word: str) -> str:
    """The act asked about for a word of `rules.trade.states`, and for `create`."""
    return f"authorisation:{'draft' if word == 'create' else word.replace('_', '-')}"


def notification_act(word: str) -> str:
    """The act asked about for a word of `rules.trade.notification_states`, and for others there."""
    return NOTIFICATION_ACTS.get(word, f"notification:{word}")


def ledger_act(kind: str) -> str:
    """The act asked about for a kind of entry made by hand."""
    return LEDGER_ACTS.get(kind, f"ledger:{kind}")


def _firms(*parties: Iterable[Party | None]) -> set[str]:
    """Each firm by its licence and by its name, since a key may know it by either."""
    known = (party for some in parties for party in some if party is not None)
    return {firm(one.country, text) for one in known for text in (one.licence, one.name)} - {""}
