"""The page where anyone can check a paper."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from api.usecases import documents
from api.web.render import engine_of, page
from registry.errors import InputError

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Written = Annotated[str, Query(max_length=300)]
Sent = Annotated[str, Form(max_length=300)]


@router.get("/verify")
def ask(number: Written = "", hash: Written = "") -> Response:  # noqa: A002 (named in the code)
    """The form. The code of a printed paper leads here with its number and hash."""
    return page("verify.html", number=number, hash=hash, found=None)


@router.post("/verify")
def answer(
    request: Request,
    file: Annotated[UploadFile, File()],
    number: Sent = "",
    hash: Sent = "",  # noqa: A002 (named in the code)
) -> Response:
    """What the file proves. Nothing is kept of it."""
    ring = documents.ring_of_settings(engine_of(request).settings)
    data = file.file.read()
    if not data:
        raise InputError("choose a file to check")
    return page("verify.html", number=number, hash=hash, found=documents.proved(data, ring))
