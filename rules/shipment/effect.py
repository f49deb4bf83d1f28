"""From which day a scheduling decision binds the countries of a consignment.

1961 article 3 (7): for each Party on receipt of the communication. 1971 article 2 (7) and 1988
article 12 (6): 180 days after the date of the communication or notification.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from registry.facts import InForce
from rules.shipment.consignment import Communication, Consignment
from rules.shipment.status import LineStatus

DAYS = timedelta(days=180)


def dated(status: LineStatus, consignment: Consignment) -> LineStatus:
    """The status with provisions of unknown first day settled by the communications stated.

    Only what the register leaves open is settled; a date it holds is never overruled. A decision
    stated of a provision that names the substance at no time in the register is taken as given.
    """
    told = {c.provision for c in consignment.facts.communications} & status.never
    settled = {key: _holds(key, status, consignment) for key in {*status.undated, *told}}
    return replace(status, listed=status.listed | settled)


def _holds(provision: str, status: LineStatus, consignment: Consignment) -> InForce:
    answers = {
        received(communication, consignment)
        if provision.startswith("UN-1961")
        else after_180_days(communication.communicated_on, consignment.on)
        for communication in consignment.facts.communications
        if communication.provision == provision
        and communication.substance.casefold() in status.names
    }
    if not answers:
        return status.listed[provision]
    if InForce.YES in answers:
        return InForce.YES
    return InForce.NO if answers == {InForce.NO} else InForce.UNKNOWN


def received(communication: Communication, consignment: Consignment) -> InForce:
    """Whether either country had received the communication: one bound country suffices."""
    countries = (consignment.movement.origin, consignment.movement.to)
    days = [communication.received.get(country) for country in countries]
    if any(day is not None and day <= consignment.on for day in days):
        return InForce.YES
    return InForce.UNKNOWN if None in days else InForce.NO


def after_180_days(communicated_on: date | None, on: date) -> InForce:
    """Whether 180 days have passed since the day of the communication."""
    if communicated_on is None:
        return InForce.UNKNOWN
    return InForce.YES if on >= communicated_on + DAYS else InForce.NO
