"""The file of signing keys: one that signs, and those that signed before and still prove.

A JWK Set (RFC 7517) of Ed25519 keys (RFC 8037). The key with a private part signs; there is at most
one. A key that is retired loses its private part and stays, so that papers signed with it can still
be proved. A key that fell into other hands must be taken out of the file: nothing it signed is
proved any more, whoever signed it.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from registry.errors import InputError

ALGORITHM: Final = "Ed25519"
_KEPT = ("kty", "crv", "x", "kid", "use", "alg")


class KeyFileWrong(InputError):
    """A file of keys is missing, cannot be read, or holds what is no Ed25519 key."""

    code = "key-file-wrong"


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys by their thumbprint (RFC 7638). `signing` is None where nothing can be signed."""

    keys: dict[str, OKPKey]
    signing: str | None = None

    def published(self) -> dict[str, Any]:
        """The public parts as a JWK Set, which may be given to anyone."""
        return {"keys": [_public(key) for key in self.keys.values()]}


NO_KEYS = Ring({})


def new_key() -> OKPKey:
    """A new Ed25519 key from the randomness of the operating system."""
    return OKPKey.generate_key(ALGORITHM, private=True)


def ring_of(text: str) -> Ring:
    """The keys of a JWK Set. Raises KeyFileWrong."""
    try:
        entries = json.loads(text)["keys"]
        keys = [_key(dict(one)) for one in entries]
    except (ValueError, TypeError, KeyError, JoseError) as error:
        raise KeyFileWrong(f"this is no JWK Set of {ALGORITHM} keys: {error}") from None
    signing = [thumb for thumb, key in keys if key.is_private]
    if len(signing) > 1:
        raise KeyFileWrong("more than one key of the file has a private part")
    return Ring(dict(keys), signing[0] if signing else None)


def read_ring(file: Path) -> Ring:
    """The keys of a file. A file with a private key that everybody may read is refused."""
    try:
        text = file.read_text(encoding="utf-8")
        mode = file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileWrong(f"the key file `{file}` cannot be read") from error
    ring = ring_of(text)
    if ring.signing and mode & stat.S_IROTH:
        raise KeyFileWrong(f"everybody may read the private key in `{file}`; chmod it to 600")
    return ring


def turned(ring: Ring, key: OKPKey) -> str:
    """The text of a key file in which `key` signs and all keys of `ring` are retired."""
    retired = [one for one in ring.published()["keys"] if one["kid"] != key.thumbprint()]
    return json.dumps({"keys": [_entry(key, private=True), *retired]}, indent=2) + "\n"


def write_keys(file: Path, text: str) -> None:
    """Put a key file in its place at once, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _key(entry: dict[str, Any]) -> tuple[str, OKPKey]:
    if entry.get("kty") != "OKP" or entry.get("crv") != ALGORITHM:
        raise KeyFileWrong(f"the file holds a key that is not {ALGORITHM}")
    key = OKPKey.import_key(entry)
    thumbprint = key.thumbprint()
    if entry.get("kid", thumbprint) != thumbprint:
        raise KeyFileWrong("the `kid` of a key is not its thumbprint")
    return thumbprint, key


def _entry(key: OKPKey, *, private: bool) -> dict[str, Any]:
    extra = {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    return {**key.as_dict(private=private), **extra}


def _public(key: OKPKey) -> dict[str, Any]:
    entry = _entry(key, private=False)
    return {name: entry[name] for name in _KEPT}
