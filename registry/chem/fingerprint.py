"""Likeness of structures. Evidence for an expert, never a legal answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import rdkit
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator, rdMolDescriptors

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

FEATURE_MORGAN = replace(MORGAN, name="feature-morgan")
RDKIT_PATH = replace(MORGAN, name="rdkit-path", radius=7)
MACCS = replace(MORGAN, name="maccs", radius=0, bits=192)
PATTERN = replace(MORGAN, name="pattern", radius=0)
SCHEMES = {one.name: one for one in (MORGAN, FEATURE_MORGAN, RDKIT_PATH, MACCS)}

_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(
    radius=MORGAN.radius, fpSize=MORGAN.bits, includeChirality=MORGAN.chirality
)

_FEATURES = rdFingerprintGenerator.GetMorganGenerator(
    radius=FEATURE_MORGAN.radius,
    fpSize=FEATURE_MORGAN.bits,
    atomInvariantsGenerator=rdFingerprintGenerator.GetMorganFeatureAtomInvGen(),
)
_PATHS = rdFingerprintGenerator.GetRDKitFPGenerator(
    maxPath=RDKIT_PATH.radius, fpSize=RDKIT_PATH.bits
)
_MAKERS: dict[str, Callable[[Chem.Mol], DataStructs.ExplicitBitVect]] = {
    MORGAN.name: _GENERATOR.GetFingerprint,
    FEATURE_MORGAN.name: _FEATURES.GetFingerprint,
    RDKIT_PATH.name: _PATHS.GetFingerprint,
    MACCS.name: rdMolDescriptors.GetMACCSKeysFingerprint,
    PATTERN.name: lambda mol: Chem.PatternFingerprint(mol, fpSize=PATTERN.bits),
}


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


def packed(mols: Iterable[Chem.Mol], scheme: FingerprintScheme = MORGAN) -> npt.NDArray[np.uint64]:
    """The fingerprints of components by one of `SCHEMES`, as rows of words: (n, bits / 64).

    Bit `i` of a fingerprint is bit `i % 64` of word `i // 64`.
    """
    make, size = _MAKERS[scheme.name], scheme.bits // 8
    rows = b"".join(to_bytes(make(mol)).ljust(size, b"\0") for mol in mols)
    return np.frombuffer(rows, "<u8").reshape(-1, scheme.bits // 64)


def morgan_bits(mol: Chem.Mol) -> npt.NDArray[np.intp]:
    """The numbers of the bits that are on in the fingerprint of one component by `MORGAN`."""
    found: npt.NDArray[np.intp] = _GENERATOR.GetFingerprintAsNumPy(mol).nonzero()[0]
    return found


def on_bits(fingerprint: DataStructs.ExplicitBitVect) -> npt.NDArray[np.intp]:
    """The numbers of the bits that are on."""
    packed = np.frombuffer(to_bytes(fingerprint), np.uint8)
    return np.unpackbits(packed, bitorder="little").nonzero()[0]


class Many:
    """Fingerprints side by side, for one to be compared with all of them at once."""

    def __init__(self, fingerprints: Sequence[DataStructs.ExplicitBitVect]) -> None:
        # A row for each bit, so that only the rows of bits that are on need be added up.
        self._rows = np.zeros((MORGAN.bits, len(fingerprints)), np.uint16)
        for column, fingerprint in enumerate(fingerprints):
            self._rows[on_bits(fingerprint), column] = 1
        self._on = self._rows.sum(axis=0, dtype=np.float64)

    def likeness(self, bits: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Shared bits over all bits, from 0 to 1, of each with one of which these bits are on; 0
        where none is on in either."""
        shared = self._rows[bits].sum(axis=0, dtype=np.uint16).astype(np.float64)
        scores: npt.NDArray[np.float64] = shared / np.maximum(self._on + len(bits) - shared, 1)
        return scores
