"""Names found, on both databases, in one order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.models import Identifier, StructureRecord, Substance, SubstanceName
from registry.search import candidates
from registry.search.candidates import Asked
from registry.search.names import LONGEST, find, nearest
from registry.search.ranking import How, Match
from registry.store import history, migrate
from registry.store.session import make_engine, session_factory

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=1)
NOW = Asked(LATER)

# substance: formula, CAS number, names as (text, kind, language)
REGISTER = {
    "fentanyl": ("C22H28N2O", "437-38-7", [("Fentanyl", "inn", "en"), ("芬太尼", "inn", "zh")]),
    "carfentanil": ("C24H30N2O3", "59708-52-0", [("Carfentanil", "inn", "en")]),
    "morphine": ("C17H19NO3", "57-27-2", [("Morphine", "inn", "en"), ("吗啡", "inn", "zh-Hans")]),
    "codeine": ("C18H21NO3", "76-57-3", [("Codeine", "inn", "en"), ("Codein", "common", "de")]),
    "ketamine": ("C13H16ClNO", "6740-88-1", [("Ketamine", "inn", "en")]),
    "cocaine": ("C17H21NO4", "50-36-2", [("Cocaine", "inn", "en")]),
    "nitrazepam": ("C15H11N3O3", "146-22-5", [("Nitrazepam", "inn", "en")]),
    "nimetazepam": ("C16H13N3O3", "2011-67-8", [("Nimetazepam", "inn", "en")]),
    "testosterone": ("C19H28O2", "58-22-0", [("Testosterone", "inn", "en")]),
    "lysergic-acid": ("C16H16N2O2", "82-58-6", [("Lysergic acid", "common", "en")]),
    "lysergide": (
        "C20H25N3O",
        "50-37-3",
        [("Lysergide", "inn", "en"), ("Lysergic acid diethylamide", "common", "en")],
    ),
    "dronabinol": ("C21H30O2", "1972-08-3", [("delta-9-THC", "common", "en")]),
    "alphacetylmethadol": (
        "C23H31NO2",
        "17199-58-5",
        [("Alphacetylmethadol", "inn", "en"), ("Alphacetylmathadol", "misprint", "en")],
    ),
    "dextromoramide": (
        "C25H32N2O2",
        "357-56-2",
        [("Dextromoramide", "inn", "en"), ("Moramide", "common", "en")],
    ),
    "moramide": ("C25H32N2O2", "545-59-5", [("Moramide", "common", "en")]),
    "4-bd": ("C4H10O2", "110-63-4", [("1,4-BD", "code", "")]),
    "14-bd": ("C4H10O2", "", [("14-BD", "code", "")]),
    "khat": ("", "", [("Khat", "common", "en")]),
}  # fmt: skip
NAMES = [(key, given[0]) for key, (_, _, names) in REGISTER.items() for given in names]


def fill(session: Session) -> None:
    for key, (formula, cas, names) in REGISTER.items():
        first = key.capitalize() if key == "moramide" else names[0][0]
        session.add(Substance(id=key, name=first, recorded_from=START))
        session.flush()
        for given_name, kind, language in names:
            session.add(
                SubstanceName(
                    substance=key,
                    text=given_name,
                    kind=kind,
                    language=language,
                    recorded_from=START,
                )
            )
        if cas:
            session.add(Identifier(substance=key, kind="cas", value=cas, recorded_from=START))
        if formula:
            session.add(_structure(key, formula))


def _structure(key: str, formula: str) -> StructureRecord:
    layers = dict.fromkeys(("standardised", "connectivity", "stereo", "isotope", "tautomer"), key)
    inchikey = "PJMPHNIQZUBGLI-UHFFFAOYSA-N" if key == "fentanyl" else ""
    return StructureRecord(
        substance=key, as_given=key, formula=formula, inchikey=inchikey, scheme="test", steps=[],
        recorded_from=START, **layers,
    )  # fmt: skip


@pytest.fixture(scope="module")
def both(
    postgresql_server: URL,
    postgresql_template: str,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Session, Session]]:
    """The same small register on SQLite and on PostgreSQL."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("names") / "register.sqlite")
    name = f"names_{uuid4().hex}"
    _say(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    engines = [
        make_engine(url) for url in (f"sqlite:///{file}", postgresql_server.set(database=name))
    ]
    sessions = [session_factory(engine)() for engine in engines]
    for session in sessions:
        fill(session)
        session.commit()
    yield sessions[0], sessions[1]
    for session, engine in zip(sessions, engines, strict=True):
        session.close()
        engine.dispose()
    _say(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


def _say(server: URL, *statements: str) -> None:
    engine = make_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


Ask = Callable[..., list[Match]]


@pytest.fixture(params=["sqlite", "postgresql"])
def stocked(request: pytest.FixtureRequest, both: tuple[Session, Session]) -> Session:
    return both[["sqlite", "postgresql"].index(request.param)]


@pytest.fixture
def ask(stocked: Session) -> Ask:
    return lambda asked, among=NOW: find(stocked, asked, among)


def first(found: list[Match]) -> tuple[str, str]:
    return found[0].name.substance, found[0].how.value


@pytest.mark.parametrize(
    ("asked", "substance", "how"),
    [
        ("KETAMINE", "ketamine", "exact"),
        ("ke\u200btamine\u00a0", "ketamine", "exact"),
        ("\u0394\u2079\u2013THC", "dronabinol", "exact"),
        ("Кетамин", "ketamine", "spelling"),
        ("Kokain", "cocaine", "spelling"),
        ("Phentanyl", "fentanyl", "spelling"),
        ("Lysergi", "lysergide", "prefix"),
        ("diethylamide", "lysergide", "word"),
        ("acid lysergic", "lysergic-acid", "word"),
        ("Nitrazpam", "nitrazepam", "similar"),
        ("Carfentanyl", "carfentanil", "spelling"),
        ("吗啡", "morphine", "exact"),
        ("Codein", "codeine", "exact"),
    ],
)
def test_a_name_is_found_however_it_is_written(
    ask: Ask, asked: str, substance: str, how: str
) -> None:
    assert first(ask(asked)) == (substance, how)


def test_answers_come_exact_then_prefix_then_word(ask: Ask) -> None:
    found = [(match.name.substance, match.how.value) for match in ask("lysergic acid")]
    assert found == [("lysergic-acid", "exact"), ("lysergide", "prefix")]


def test_digits_apart_are_not_digits_together(ask: Ask) -> None:
    assert first(ask("1.4 bd")) == ("4-bd", "exact")
    assert first(ask("14bd")) == ("14-bd", "exact")


def test_of_two_with_one_name_the_one_called_so_first_comes_first(ask: Ask) -> None:
    assert [match.name.substance for match in ask("moramide")][:2] == ["moramide", "dextromoramide"]


def test_a_misprint_is_found_and_says_so_and_never_comes_before_a_right_name(ask: Ask) -> None:
    (wrong,) = [m for m in ask("alphacetylmathadol") if m.name.substance == "alphacetylmethadol"]
    assert (wrong.name.kind, wrong.how) == ("misprint", How.EXACT)
    (right,) = ask("alphacetylmeth")
    assert right.name.kind == "inn"


def test_kinds_and_languages_narrow_the_search(ask: Ask) -> None:
    assert ask("fentanyl", Asked(LATER, languages=("zh",))) == []
    assert first(ask("吗啡", Asked(LATER, languages=("zh",)))) == ("morphine", "exact")
    assert ask("Codein", Asked(LATER, kinds=("code",))) == []
    assert first(ask("Codein", Asked(LATER, kinds=("inn",)))) == ("codeine", "spelling")
    assert first(ask("437-38-7", Asked(LATER, kinds=("cas",)))) == ("fentanyl", "exact")
    assert ask("437-38-7", Asked(LATER, kinds=("inn",))) == []


def test_nothing_is_found_before_it_was_recorded(ask: Ask) -> None:
    before = Asked(START - timedelta(seconds=1))
    for asked in ("ketamine", "Nitrazpam", "437-38-7", "PJMPHNIQZUBGLI-UHFFFAOYSA-N"):
        assert ask(asked, before) == []


def test_a_name_withdrawn_is_found_as_known_before(database_url: str) -> None:
    engine = make_engine(database_url)
    with session_factory(engine)() as session:
        fill(session)
        name = session.scalars(select(SubstanceName).where(SubstanceName.text == "Khat")).one()
        history.close(session, name, LATER)
        assert first(find(session, "khat", Asked(START))) == ("khat", "exact")
        assert find(session, "khat", Asked(LATER)) == []
    engine.dispose()


@pytest.mark.parametrize(
    "written", ["437-38-7", "437387", "437\u201338\u20137", "CAS-Nr. 437-38-7", "000437-38-7"]
)
def test_a_cas_number_is_found_with_any_dash_or_none(ask: Ask, written: str) -> None:
    assert [(match.name.substance, match.name.kind) for match in ask(written)] == [
        ("fentanyl", "cas")
    ]


def test_an_inchikey_finds_its_substance(ask: Ask) -> None:
    assert first(ask("pjmphniqzubgli-uhfffaoysa-n")) == ("fentanyl", "exact")


@pytest.mark.parametrize("nothing", ["", " -- ", "\u200b", "x" * (LONGEST + 1)])
def test_a_text_that_can_be_no_name_is_refused(ask: Ask, nothing: str) -> None:
    with pytest.raises(InputError):
        ask(nothing)


@pytest.mark.parametrize(
    ("asked", "parent", "salt"),
    [
        ("fentanyl citrate", "fentanyl", ("citrate",)),
        ("Morphinhydrochlorid", "morphine", ("hydrochloride",)),
        ("ketamine HCl", "ketamine", ("hydrochloride",)),
        ("codeine phosphate hemihydrate", "codeine", ("phosphate", "hemihydrate")),
        ("Codeinphosphat-Hemihydrat", "codeine", ("phosphate", "hemihydrate")),
        ("盐酸吗啡", "morphine", ("hydrochloride",)),
        ("吗啡盐酸盐三水合物", "morphine", ("hydrochloride", "trihydrate")),
        ("Morphine sulfate (2:1) \u00b7 5 H2O", "morphine", ("sulfate", "5 H2O")),
        ("ketamine (dihydrochloride)", "ketamine", ("dihydrochloride",)),
        ("sodium lysergate", "lysergic-acid", ("sodium",)),
        ("fentanil citrat", "fentanyl", ("citrate",)),
        ("Nitrazpam hydrochloride", "nitrazepam", ("hydrochloride",)),
    ],
)
def test_the_name_of_a_salt_gives_its_parent_and_names_the_salt(
    ask: Ask, asked: str, parent: str, salt: tuple[str, ...]
) -> None:
    found = ask(asked)[0]
    assert (found.name.substance, found.read.salt) == (parent, salt)


def test_an_ester_is_no_salt_of_a_parent_without_nitrogen(ask: Ask) -> None:
    assert not [match for match in ask("testosterone acetate") if match.read.salt]


@pytest.mark.parametrize(
    ("asked", "substance", "read"),
    [
        ("Codeine (methylmorphine)", "codeine", "Codeine"),
        ("Lysergide (LSD, N,N-diethyllysergamide) and any salt thereof", "lysergide", "Lysergide"),
        ("Somename (LSD, Lysergide)", "lysergide", "Lysergide"),
    ],
)
def test_a_name_with_others_in_brackets_is_taken_apart(
    ask: Ask, asked: str, substance: str, read: str
) -> None:
    found = ask(asked)[0]
    assert (found.name.substance, found.read.text, found.read.whole) == (substance, read, False)


def test_where_nothing_is_found_the_nearest_names_are_suggested(stocked: Session) -> None:
    assert find(stocked, "zepam", NOW) == []
    assert "nitrazepam" in [match.name.substance for match in nearest(stocked, "zepam", NOW)]


@pytest.mark.parametrize(("key", "name"), NAMES)
def test_every_name_on_record_finds_its_substance_first(ask: Ask, key: str, name: str) -> None:
    found = ask(name)
    best = {match.name.substance for match in found if match.how is How.EXACT}
    assert key in best
    assert found[0].name.substance in best


NOISE = st.sampled_from(
    ["", "-", "\u2013", " ", "\u200b", "(", "'", ",", "a", "e", "%", '"', "*", "_"]
)


@st.composite
def noisy(draw: st.DrawFn) -> str:
    """A name on record with letters dropped, put in or changed."""
    _, name = draw(st.sampled_from(NAMES))
    letters = list(name)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(letters) - 1))
        letters[at] = draw(NOISE)
    tail = draw(st.sampled_from(["", " citrate", "hydrochlorid", " (x)", " AND", " and its salts"]))
    return "".join(letters) + tail


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=noisy())
def test_both_databases_give_the_same_answers_in_the_same_order(
    both: tuple[Session, Session], asked: str
) -> None:
    answers = []
    for session in both:
        try:
            answers.append(find(session, asked, NOW))
        except InputError as error:
            answers.append(error.message)
    assert answers[0] == answers[1]


def test_a_role_that_may_not_create_the_extension_gets_the_same_answers(
    postgresql_server: URL, both: tuple[Session, Session]
) -> None:
    name, role = f"plain_{uuid4().hex}", f"clerk_{uuid4().hex}"
    _say(
        postgresql_server,
        f"CREATE ROLE {role} LOGIN PASSWORD 'clerk'",
        f"CREATE DATABASE {name} TEMPLATE template0",
    )
    theirs = postgresql_server.set(database=name)
    _say(theirs, f"GRANT ALL ON SCHEMA public TO {role}")
    url = theirs.set(username=role, password="clerk")
    migrate.upgrade(url)
    engine = make_engine(url)
    with session_factory(engine)() as session:
        fill(session)
        assert not candidates.indexed(session)
        assert candidates.indexed(both[1])
        for asked in ("Nitrazpam", "fentanyl citrate", "acid"):
            assert find(session, asked, NOW) == find(both[0], asked, NOW)
        session.rollback()
    engine.dispose()
    _say(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {role}")
