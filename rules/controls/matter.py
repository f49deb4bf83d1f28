"""What is before the judge: one component of one structure, on one date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from registry.chem.enols import keto_form
from registry.chem.fingerprint import morgan_bits
from registry.chem.hydrolysis import Derived, hydrolysed
from registry.chem.standardise import Component
from rules.controls.register import Hit, Register, by_provision
from rules.language.view import View
from rules.load import Ruled
from rules.result import Cite, Finding, Outcome, Structure
from rules.schema import Provision, Scope, Wording


@dataclass(frozen=True)
class Matter:
    """One active component with everything asked about it at most once.

    `salt`: the component was given as a salt or in charged form; `counterions` are those given, as
    canonical SMILES. Atoms in answers index the whole standardised structure, so a component's own
    indices are translated by `shown`. `thorough`: what is plainly outside is answered too, and why.
    """

    component: Component
    salt: bool
    on: date
    register: Register
    counterions: frozenset[str] = frozenset()
    thorough: bool = True

    def again(self, on: date, register: Register) -> Matter:
        """The same component on another date or before another register, with everything that was
        asked about it and does not depend on them."""
        known = {"view", "keto", "bits", "parents"}
        known |= {"hits", "closure_hits"} if register is self.register else set()
        other = replace(self, on=on, register=register)
        other.__dict__.update({key: self.__dict__[key] for key in known & self.__dict__.keys()})
        return other

    @cached_property
    def view(self) -> View:
        return View(self.component.mol)

    @cached_property
    def keto(self) -> View | None:
        """The component with its enols drawn as ketones, where it has any."""
        form = keto_form(self.component.mol)
        return None if form is None else View(form)

    @cached_property
    def bits(self) -> npt.NDArray[np.intp]:
        """The bits of its fingerprint that are on."""
        return morgan_bits(self.component.mol)

    @property
    def formula(self) -> str:
        return self.view.formula

    @cached_property
    def hits(self) -> Mapping[str, list[Hit]]:
        return by_provision(self.register.hits(self.component.mol, self.formula, self.counterions))

    @cached_property
    def closure_hits(self) -> Mapping[str, list[Hit]]:
        return by_provision(self.register.closure_hits(self.component.mol))

    def hits_of(self, provision: Provision) -> tuple[list[Hit], list[Hit]]:
        """The listings of a provision that name the component, and those it is derived from."""
        pointer = provision.points_to
        if pointer is None:
            return self.hits.get(provision.id, []), self.closure_hits.get(provision.id, [])
        found = (self.hits, self.closure_hits)
        named, derived = (
            [
                hit
                for hit in hits.get(pointer.provision, [])
                if hit.listing.paragraph in pointer.paragraphs
            ]
            for hits in found
        )
        return named, derived

    @cached_property
    def parents(self) -> tuple[tuple[Derived, View], ...]:
        """The compounds this one is an ester or ether of, as far as cutting shows."""
        return tuple((one, View(one.parent)) for one in hydrolysed(self.component.mol))

    def shown(self, atoms: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.component.atoms[atom] for atom in atoms)


@dataclass(frozen=True)
class InForceRule:
    """A rule with the wording that is in force on the date asked."""

    rule: Ruled
    wording: Wording
    since: str
    cite: Cite

    @classmethod
    def of(cls, rule: Ruled, wording: Wording) -> InForceRule:
        since = wording.since.isoformat() if wording.since else ""
        return cls(rule, wording, since, Cite(wording.cite.title, wording.cite.href))

    @cached_property
    def scope(self) -> Scope:
        return self.rule.provision.scope_of(self.wording)

    def covers(self, form: str) -> bool:
        return form in self.wording.covers

    def clause(self, form: str) -> str:
        """The clause of the law by which a derived form is covered."""
        return self.rule.provision.closure.get(form, form)

    @cached_property
    def turning_on_conduct(self) -> Finding:
        """What is answered where no structure can decide: the limbs that stay open."""
        analogue = self.rule.provision.kind == "analogue"
        return self.finding(
            Structure.UNDETERMINED if analogue else Structure.NOT_APPLICABLE,
            Outcome.UNDETERMINED,
            missing=self.rule.missing_limbs,
            reasons=self.rule.limbs,
            settles=False,
        )

    def finding(self, structure: Structure, outcome: Outcome, **more: object) -> Finding:
        """A finding of this rule, with what every finding of it carries."""
        provision = self.rule.provision
        return Finding(
            provision.id,
            provision.jurisdiction,
            provision.title.get("en", provision.id),
            provision.kind,
            structure,
            outcome,
            draft=provision.review.draft,
            schedule=provision.schedule,
            wording=self.since,
            cite=self.cite,
            content_hash=self.rule.content_hash,
            **{"settles": provision.control == "controlled", **more},  # type: ignore[arg-type]
        )
