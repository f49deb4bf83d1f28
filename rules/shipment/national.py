"""National law beyond the treaties: what the consignment states of it, and what is modelled.

Nothing is assumed. A country whose own rules are neither said to be completely stated nor covered
by rule files of its own (`modelled`) leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.facts import InForce
from rules.shipment.conditions import Value
from rules.shipment.consignment import Consignment, NationalRules, Requirement
from rules.shipment.status import LineStatus
from rules.shipment.tables import tables
from rules.shipment.three import Known, all_of, any_of

Facts = dict[str, Value]
PAPERS = {
    "import_authorization": ("an import authorization", "import"),
    "export_authorization": ("an export authorization", "export"),
    "export_declaration": ("an export declaration", "declaration"),
    "pre_export_notification": ("a pre-export notification", "pen"),
    "special_import_licence": ("a special import licence", "special"),
}
OWN_RULES = "as its own rules of trade say"
DATED = ("import", "export", "special")  # papers that are valid for a period


def country_facts(
    consignment: Consignment,
    code: str,
    role: str,
    status: LineStatus,
    facts: Mapping[str, Value],
    modelled: frozenset[str] = frozenset(),
) -> Facts:
    """What one country's own rules, as stated, ask for one line, and whether they are all stated."""
    rules = consignment.facts.national.get(code, NationalRules())
    known = tables().places.countries.get(code)
    missing = [
        PAPERS[requirement.needs][0]
        for requirement in rules.requirements
        if met(requirement, status, facts) is False
    ]
    return {
        "country.code": code,
        "country.name": f"{known.name} ({code})" if known else code,
        "country.role": role,
        "country.law": known.law if known else "not looked at",
        "country.missing": " and ".join(sorted(set(missing))) or "none",
        "country.complete": True if rules.complete or code in modelled else None,
        "country.met": _all_met(rules, status, facts),
    }


def flag_facts(
    consignment: Consignment,
    status: LineStatus,
    facts: Mapping[str, Value],
    modelled: frozenset[str] = frozenset(),
) -> Facts:
    """What national law of both ends says of authorizations for one line, by stated flag."""
    movement, national = consignment.movement, consignment.facts.national
    destination = national.get(movement.to, NationalRules())
    origin = national.get(movement.origin, NationalRules())
    complete = True if destination.complete or movement.to in modelled else None
    return {
        "destination.import_authorization": _flag(destination, "import_authorization", status)
        or (OWN_RULES if movement.to in modelled else None),
        "origin.export_authorization": _flag(origin, "export_authorization", status)
        or (OWN_RULES if movement.origin in modelled else None),
        "traveller.permitted": all_of(
            _traveller(consignment, code, status, code in modelled)
            for code in (movement.origin, movement.to)
        ),
        **_relief(consignment, modelled),
        "destination.requirements_met": all_of((_all_met(destination, status, facts), complete)),
    }


def _relief(consignment: Consignment, modelled: frozenset[str]) -> Facts:
    """Where the rules of the exporting country for relief are modelled, they speak for its authority."""
    movement = consignment.movement
    stated = consignment.facts.simplified_procedure is not None
    if movement.carried_as != "relief" or stated or movement.origin not in modelled:
        return {}
    return {"relief.simplified": True}


def _traveller(consignment: Consignment, code: str, status: LineStatus, modelled: bool) -> Known:
    """Whether a country lets the traveller pass: as stated; where its own rules are modelled they
    speak for themselves; where it has none, only Schedule IV needs no exception, for article 12
    asks no paper for it."""
    facts = consignment.facts
    if code in facts.travellers or modelled:
        return facts.travellers.get(code, True)
    held = {key for key, held in status.governing.items() if held is not InForce.NO}
    if not facts.national.get(code, NationalRules()).complete:
        return None
    # The 1961 Convention has no rule for travellers: one who leaves a country without rules of its
    # own breaks none; what he may bring is for the country he goes to.
    leaves = code == consignment.movement.origin
    only_1961 = bool(held) and all(key.startswith("UN-1961") for key in held)
    return True if held == {"UN-1971-IV"} or (leaves and only_1961) else None


def met(requirement: Requirement, status: LineStatus, facts: Mapping[str, Value]) -> Known:
    """Whether a stated requirement is met, or does not concern the line."""
    concerned = all_of((requirement.required, concerns(requirement, status)))
    return any_of((None if concerned is None else not concerned, _there(requirement, facts)))


def concerns(requirement: Requirement, status: LineStatus) -> Known:
    """Whether a requirement is about the line, by provision or by name."""
    if not requirement.provisions and not requirement.substances:
        return True
    named = any(name.casefold() in status.names for name in requirement.substances)
    return any_of((named, *_governed(requirement, status)))


def _governed(requirement: Requirement, status: LineStatus) -> Iterator[Known]:
    for provision in requirement.provisions:
        yield {InForce.YES: True, InForce.NO: False}.get(status.governing[provision])


def _there(requirement: Requirement, facts: Mapping[str, Value]) -> Known:
    kind = PAPERS[requirement.needs][1]
    asked = ("present", "covers", *(("valid",) if kind in DATED else ()))
    values = (facts.get(f"{kind}.{word}") for word in asked)
    return all_of(value if isinstance(value, bool) else None for value in values)


def _all_met(rules: NationalRules, status: LineStatus, facts: Mapping[str, Value]) -> Known:
    return all_of(met(requirement, status, facts) for requirement in rules.requirements)


def _flag(rules: NationalRules, needs: str, status: LineStatus) -> str | None:
    """What is stated of one document for the line; nothing stated is `not required` only where
    all rules are."""
    asked = [r for r in rules.requirements if r.needs == needs]
    concerned = [(r.required, about) for r in asked if (about := concerns(r, status)) is not False]
    required = any_of(all_of(pair) for pair in concerned)
    if not concerned and not rules.complete:
        required = None
    return None if required is None else "required" if required else "not required"
