"""Thresholds that goods reach and exemptions that mixtures meet, by the tables of national law.

A row that was not read in the text of the law leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rules.shipment.conditions import Members, Value
from rules.shipment.consignment import Line
from rules.shipment.national_tables import Exemption, Threshold, national_tables
from rules.shipment.three import Known, all_of, any_of


def thresholds(
    line: Line, names: frozenset[str], listed: Members, of_substance: Mapping[str, Value]
) -> Members:
    """Thresholds that the lines of one substance reach together.

    What stands on a list whose duty begins with a threshold, and has no figure here, may reach it.
    """
    rows = list(national_tables().thresholds_of(names))
    answers: list[tuple[str, Known]] = [(row.id, reaches(row, line, of_substance)) for row in rows]
    figured = {row.id for row in rows}
    for threshold, lists in national_tables().begins.items():
        if threshold not in figured and listed.possible & frozenset(lists):
            answers.append((threshold, None))
    return members(answers)


def reaches(row: Threshold, line: Line, of_substance: Mapping[str, Value]) -> Known:
    """Whether the amount and the concentration reach a threshold; unknown of one not read."""
    reached = all_of((_amount(row, of_substance), _strength(row, line)))
    return None if row.cite.certainty == "memory" else reached


def exemptions(line: Line, names: frozenset[str], product: object) -> Members:
    """Exemptions for mixtures that take the line out, each in its own country."""
    rows = national_tables().exemptions_of(names)
    return members((row.id, exempt(row, line, product)) for row in rows)


def exempt(row: Exemption, line: Line, product: object) -> Known:
    """Whether a mixture meets an exemption. The substance itself is no mixture."""
    if line.form.kind == "substance":
        return False
    share = _share(row, line)
    weak = None if share is None else share <= row.percent
    fits = True if not row.products else _named(product, row)
    answer = all_of((weak, fits, True if line.form.kind else None))
    return None if answer and row.cite.certainty == "memory" else answer


def members(answers: Iterable[tuple[str, Known]]) -> Members:
    """A set whose members are certain or possible by their answers."""
    found: dict[str, list[Known]] = {}
    for name, answer in answers:
        found.setdefault(name, []).append(answer)
    together = {name: any_of(values) for name, values in found.items()}
    return Members(
        frozenset(name for name, answer in together.items() if answer),
        frozenset(name for name, answer in together.items() if answer is not False),
    )


def _amount(row: Threshold, of_substance: Mapping[str, Value]) -> Known:
    limits = row.at_least or row.over
    if not limits:
        return True
    answers = []
    for limit in limits:
        measure, figure = limit.measured
        now = _number(of_substance.get(f"line.{measure}"))
        period = "year" if row.sums == "last year" else row.sums
        summed = of_substance.get(f"{period}.{measure}")
        total = now if row.sums == "consignment" else _number(summed)
        answers.append(_passes(row, figure, now, total))
    # The figures are one threshold in several units: the first that can be compared decides.
    return next((answer for answer in answers if answer is not None), None)


def _passes(row: Threshold, figure: Decimal, now: Decimal | None, total: Decimal | None) -> Known:
    """This consignment alone may reach it; otherwise the sum must be known."""
    alone = None if now is None else (now > figure if row.over else now >= figure)
    summed = None if total is None else (total > figure if row.over else total >= figure)
    if row.sums == "last year":
        # Exceeding it in this year is enough; what went the year before is not stated.
        return True if alone or summed else None
    return True if alone else summed


def _strength(row: Threshold, line: Line) -> Known:
    if row.percent is None:
        return True
    share = line.composition.percent
    if share is None:
        return True if line.form.kind == "substance" else None
    return share >= row.percent


def _share(row: Exemption, line: Line) -> Decimal | None:
    """Per cent of the substances of an exemption in the goods, in sum."""
    own, others = line.composition.percent, line.composition.ingredients
    if len(row.substances) == 1 or own is None:
        return own
    if others is None:
        return None
    counted = [i.percent for i in others if i.name.casefold() in row.substances]
    return None if None in counted else own + sum(p for p in counted if p is not None)


def _named(product: object, row: Exemption) -> Known:
    return product.casefold() in row.products if isinstance(product, str) else None


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
