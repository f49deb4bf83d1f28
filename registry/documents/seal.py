"""A PDF whose every byte is signed, and the form it carries.

The file has two attachments that are not compressed: the signed form, and the seal: the signature of
the whole file with the place of the seal itself left blank. Other programs read both as ordinary
attachments of PDF/A-3. A file that another program has written anew is no longer sealed, even where
it looks the same; the attached form still proves itself.
"""

from __future__ import annotations

import re

from registry.documents.keys import Ring
from registry.documents.signing import Signed, Unproved, prove, sign, signature_length

BLANK = b"0" * signature_length()
_SEAL = re.compile(
    rb"stream\n(eyJ[A-Za-z0-9_-]{20,300}\.\.[A-Za-z0-9_-]{86})\nendstream", re.DOTALL
)
_FORM = re.compile(rb'stream\n(\{"document":[^\r\n]{1,4000000}\})\nendstream')


def sealed(pdf: bytes, ring: Ring) -> bytes:
    """The same file with its seal set. Raises KeyFileWrong where there is no key to sign with."""
    place = b"stream\n" + BLANK + b"\nendstream"
    if pdf.count(place) != 1:
        raise ValueError("the file has no single place for a seal")
    seal = sign(pdf, Signed.PDF, ring).encode()
    return pdf.replace(place, b"stream\n" + seal + b"\nendstream")


def unsealed(pdf: bytes, ring: Ring) -> str:
    """The thumbprint of the key that sealed exactly this file. Raises Unproved."""
    seals = list(_SEAL.finditer(pdf))
    if len(seals) != 1:
        raise Unproved("the file carries no seal, or was written anew by another program")
    (seal,) = seals
    blank = pdf[: seal.start(1)] + BLANK + pdf[seal.end(1) :]
    return prove(blank, Signed.PDF, seal[1].decode(), ring)


def carried(pdf: bytes) -> bytes:
    """The signed form that a file carries. Raises Unproved where there is not exactly one."""
    forms = _FORM.findall(pdf)
    if len(forms) != 1:
        raise Unproved("the file carries no form")
    (form,) = forms
    return bytes(form)
