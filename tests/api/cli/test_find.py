"""`find` and `structure-of`, and `show` by the name of a salt."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest

from registry.chem import opsin
from tests.api.cli.commands import Subreg

installed = pytest.mark.skipif(
    find_spec("py2opsin") is None or shutil.which("java") is None, reason="OPSIN needs Java"
)


def test_find_names_the_substance_how_it_matched_and_the_salt(subreg: Subreg) -> None:
    (found,) = subreg("find", "Morphinhydrochlorid", "--json").json["items"]
    assert (found["id"], found["salt"]) == ("morphine", ["hydrochloride"])
    table = subreg("find", "fentanil citrate").out
    assert "fentanyl" in table
    assert "citrate" in table


def test_find_marks_a_misprint(subreg: Subreg) -> None:
    found = subreg("find", "Alphacetylmathadol", "--json").json["items"][0]
    assert found["matched"]["misprint"] is True
    assert "misprint" in subreg("find", "Alphacetylmathadol").out


def test_find_narrows_by_kind_and_language_and_says_when_there_is_more(subreg: Subreg) -> None:
    ran = subreg("find", "acid", "--limit", "2")
    assert ran.code == 0
    assert "there are more" in ran.err
    kinds = subreg("find", "acid", "--kind", "systematic", "--json").json["items"]
    assert {one["matched"]["kind"] for one in kinds} == {"systematic"}
    assert subreg("find", "fentanyl", "--language", "xx").code == 4


def test_find_suggests_the_nearest_names_where_nothing_answers(subreg: Subreg) -> None:
    ran = subreg("find", "zolampam")
    assert ran.code == 4
    assert ran.out == ""
    assert "no substance answers to `zolampam`; nearest names: " in ran.err


def test_find_refuses_a_wrong_check_digit(subreg: Subreg) -> None:
    ran = subreg("find", "437-38-8")
    assert ran.code == 3
    assert "its last digit is 7, not 8 (cas-check-digit)" in ran.err


def test_find_refuses_a_text_without_letters(subreg: Subreg) -> None:
    assert subreg("find", "***").code == 3


def test_show_takes_the_name_of_a_salt(subreg: Subreg) -> None:
    assert subreg("show", "Fentanylcitrat", "--json").json["id"] == "fentanyl"
    assert subreg("show", "***").code == 4


@installed
def test_structure_of_reads_a_systematic_name(subreg: Subreg) -> None:
    read = subreg("structure-of", "ethanol", "--json").json
    assert (read["inchi"], read["route"]) == (
        "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3", "one-route: OPSIN",
    )  # fmt: skip
    ran = subreg("structure-of", "dimethylbenzene")
    assert (ran.code, ran.out) == (3, "")
    assert "APPEARS_AMBIGUOUS" in ran.err


def test_structure_of_says_what_is_missing(subreg: Subreg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opsin, "find_spec", lambda _: None)
    ran = subreg("structure-of", "ethanol")
    assert ran.code == 1
    assert "substance-register[opsin]" in ran.err
