"""Likeness of structures. Evidence for an expert, never a legal answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import rdkit
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from registry.errors import InputError


@dataclass(frozen=True, slots=True)
class FingerprintScheme:
    """How a fingerprint is made. Those of different schemes must not be compared."""

    name: str
    radius: int
    bits: int
    chirality: bool
    version: str

    @property
    def label(self) -> str:
        stereo = "chiral" if self.chirality else "flat"
        return f"{self.name}-{self.radius}-{self.bits}-{stereo}/{self.version}"


MORGAN = FingerprintScheme("morgan", 2, 2048, chirality=False, version=f"rdkit-{rdkit.__version__}")

_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(
    radius=MORGAN.radius, fpSize=MORGAN.bits, includeChirality=MORGAN.chirality
)


def morgan(mol: Chem.Mol) -> DataStructs.ExplicitBitVect:
    """The fingerprint of one component by the scheme `MORGAN`: atom surroundings of two bonds.

    Stereoisomers share it, and different substances may.
    """
    fingerprint: DataStructs.ExplicitBitVect = _GENERATOR.GetFingerprint(mol)
    return fingerprint


def to_bytes(fingerprint: DataStructs.ExplicitBitVect) -> bytes:
    """The bits, eight to a byte, for storing beside the scheme's label."""
    data: bytes = DataStructs.BitVectToBinaryText(fingerprint)
    return data


def from_bytes(data: bytes) -> DataStructs.ExplicitBitVect:
    """The fingerprint `to_bytes` stored. Raises InputError where the length is another."""
    if len(data) * 8 != MORGAN.bits:
        raise InputError(f"a fingerprint of {len(data) * 8} bits where {MORGAN.bits} are needed")
    # The toolkit's stub asks for text; the function takes the bytes its counterpart gives.
    return DataStructs.CreateFromBinaryText(data)  # type: ignore[arg-type]


def tanimoto(a: DataStructs.ExplicitBitVect, b: DataStructs.ExplicitBitVect) -> Decimal:
    """Shared bits over all bits, from 0 to 1, rounded down to three places; 0 if both are empty.

    A number of this kind has no legal meaning: it is evidence, never a legal answer.
    """
    shared, either = (a & b).GetNumOnBits(), (a | b).GetNumOnBits()
    return Decimal(shared * 1000 // either).scaleb(-3) if either else Decimal("0.000")
