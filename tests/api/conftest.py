"""A small register of named substances, and the real service on a loopback port."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy.orm import Session

from api.access.allow import Actor
from api.http.app import create_app
from api.settings import Settings
from api.usecases import access
from registry import models
from registry.chem.identity import layers
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.store.session import make_engine, session_factory

SEEDED = datetime(2026, 1, 2, tzinfo=UTC)

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
KETAMINE = "CNC1(CCCCC1=O)c1ccccc1Cl"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
AMFETAMINE = "CC(N)Cc1ccccc1"

# id, name, structure, CAS number, other names
SUBSTANCES = (
    ("fentanyl", "Fentanyl", FENTANYL, "437-38-7", ("Phentanyl",)),
    ("ketamine", "Ketamine", KETAMINE, "6740-88-1", ()),
    ("aspirin", "Acetylsalicylic acid", ASPIRIN, "50-78-2", ("Aspirin",)),
    ("amfetamine", "Amfetamine", AMFETAMINE, "300-62-9", ("Amphetamine", "Speed")),
    ("metamfetamine", "Metamfetamine", "CNC(C)Cc1ccccc1", "537-46-2", ("Speed",)),
    ("coca-leaf", "Coca leaf", "", "", ()),
)
LISTINGS = (
    ("UN-1961-I", "UN", "fentanyl"),
    ("UN-1961-I", "UN", "coca-leaf"),
    ("UN-1971-II", "UN", "amfetamine"),
    ("US-CSA-II", "US", "fentanyl"),
    ("US-CSA-III", "US", "ketamine"),
)


def fill(session: Session) -> None:
    """Write the small register. The listings hold since 2000."""
    session.add_all(
        models.Jurisdiction(code=code, name=name, recorded_from=SEEDED)
        for code, name in (("UN", "United Nations"), ("US", "United States"))
    )
    session.flush()
    for provision, jurisdiction in {key: code for key, code, _ in LISTINGS}.items():
        session.add(
            models.Provision(
                id=provision,
                jurisdiction=jurisdiction,
                title=f"List {provision}",
                kind="list",
            )
        )
    for key, name, smiles, cas, others in SUBSTANCES:
        _substance(session, key, name, smiles)
        session.flush()
        names = [(name, "inn"), *((other, "common") for other in others)]
        session.add_all(
            models.SubstanceName(substance=key, text=text, kind=kind, recorded_from=SEEDED)
            for text, kind in names
        )
        if cas:
            session.add(
                models.Identifier(substance=key, kind="cas", value=cas, recorded_from=SEEDED)
            )
    session.flush()
    session.add_all(_listing(*one) for one in LISTINGS)


def _substance(session: Session, key: str, name: str, smiles: str) -> None:
    session.add(models.Substance(id=key, name=name, recorded_from=SEEDED))
    if not smiles:
        return
    session.flush()
    standardised = standardise(read_structure(smiles))
    found = layers(standardised.components[0].mol)
    session.add(
        models.StructureRecord(
            substance=key,
            as_given=smiles,
            standardised=standardised.smiles,
            steps=[],
            recorded_from=SEEDED,
            **{
                name: getattr(found, name)
                for name in (
                    "scheme",
                    "formula",
                    "connectivity",
                    "stereo",
                    "isotope",
                    "tautomer",
                    "inchikey",
                )
            },
        )
    )


def _listing(provision: str, jurisdiction: str, substance: str) -> models.Listing:
    smiles = next(one[2] for one in SUBSTANCES if one[0] == substance)
    start = date(2000, 1, 1)
    return models.Listing(
        key=f"{provision}:{substance}",
        provision=provision,
        substance=substance,
        name=substance,
        smiles=smiles,
        valid_earliest=start,
        valid_from=start,
        recorded_from=SEEDED,
    )


@contextmanager
def serving(url: str, **settings: Any) -> Iterator[httpx.Client]:
    """The service with this database, in a thread of its own, and a client that speaks to it."""
    chosen = Settings(database_url=url, workers=2, log_level="error", **settings)
    server = uvicorn.Server(
        uvicorn.Config(create_app(chosen), host="127.0.0.1", port=0, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the service did not start")
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


Serve = Callable[..., AbstractContextManager[httpx.Client]]


@pytest.fixture
def serve() -> Serve:
    return serving


def key_of(url: str, role: models.Role, **more: Any) -> dict[str, str]:
    """The header of a new key: of country XA and firm LIC-1 where the role needs them."""
    bound = {"country": "XA"} if role in access.BOUND else {}
    firm = {"party": "LIC-1"} if role is models.Role.APPLICANT else {}
    new = access.New(f"a {role}", role, **{**bound, **firm, **more})
    operator = Actor("operator", models.Role.OPERATOR)
    engine = make_engine(url)
    made = access.add(session_factory(engine), new, actor=operator, now=datetime.now(UTC))
    engine.dispose()
    return {"authorization": f"Bearer {made.key}"}


def fill_database(url: str) -> str:
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        fill(session)
    engine.dispose()
    return url


@pytest.fixture
def register_url(database_url: str) -> str:
    """A fresh database with the small register, on each kind of server."""
    return fill_database(database_url)


@pytest.fixture(scope="session")
def small_register(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small register as a file to copy. Nobody has it open: whoever closes a file that a
    service of the same process has open takes away the service's locks."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("small") / "register.sqlite"))
    fill_database(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def shared_url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("service") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="session")
def client(shared_url: str) -> Iterator[httpx.Client]:
    """One service for every test that changes nothing but the decision log."""
    with serving(shared_url, deadline_seconds=3) as client:
        yield client
