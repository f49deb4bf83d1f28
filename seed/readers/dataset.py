"""All data files, read and bound to each other. Nothing outside this package is consulted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from registry.facts import Role
from seed.readers import records, sources
from seed.readers.table import Corrections, Row, rows

ROOT = Path(__file__).resolve().parents[1]

LISTINGS = (
    "un_1961.csv",
    "un_1971.csv",
    "un_1988.csv",
    "un_surveillance.csv",
    "us_csa.csv",
    "us_chemicals.csv",
    "gb_mda.csv",
    "gb_mdr.csv",
    "gb_tcdo.csv",
    "ca_cdsa.csv",
    "cn_catalogues.csv",
    "de_btmg.csv",
    "de_npsg.csv",
    "eu_precursors.csv",
    "se_1992_1554.csv",
    "ee_73_2005.csv",
    "at_npsv.csv",
    "other_lists.csv",
)
NAMES = ("names.csv", "names_de.csv", "names_cn.csv")
LISTING_COLUMNS = (
    *("key", "provision", "role", "name", "substance", "earliest", "from", "to", "dating"),
    *("certainty", "covers", "paragraph", "code", "drawing", "verification", "note", "source"),
)
ATTRIBUTES = (
    *("act_provision", "annual_threshold", "code_certainty", "threshold_certainty"),
    *("threshold_domestic", "threshold_trade"),
)


def read_dataset(root: Path = ROOT) -> records.Dataset:
    """Everything under `root`: `sources.yaml` and `data/`.

    Raises SeedError with file, line and column at the first fault.
    """
    sheet = sources.read_sheet(root)
    given = sources.sources(sheet)
    reader = _Reader(root / "data", given, _corrections(root / "data", given))
    jurisdictions = {row.filled("code"): row for row in reader.rows("jurisdictions.csv")}
    instruments = {
        row.filled("id"): _instrument(row, jurisdictions) for row in reader.rows("instruments.csv")
    }
    provisions = {
        row.filled("id"): _provision(row, jurisdictions, instruments)
        for row in reader.rows("provisions.csv")
    }
    substances = {row.filled("id"): reader.substance(row) for row in reader.rows("substances.csv")}
    return records.Dataset(
        content_hash=sources.content_hash(root),
        sources=reader.sources,
        jurisdictions=tuple(
            records.Jurisdiction(code, row.filled("name")) for code, row in jurisdictions.items()
        ),
        instruments=tuple(instruments.values()),
        provisions=provisions,
        substances=substances,
        names=tuple(reader.name(row, substances) for file in NAMES for row in reader.rows(file)),
        identifiers=tuple(
            reader.identifier(row, substances) for row in reader.rows("identifiers.csv")
        ),
        listings=tuple(reader.listings(provisions, substances)),
        codes=tuple(reader.code(row, substances) for row in reader.rows("tariff_codes.csv")),
        factors=tuple(reader.factor(row, substances) for row in reader.rows("base_factors.csv")),
        statements=tuple(_statement(row, substances) for row in reader.rows("statements.csv")),
    )


COLUMNS: dict[str, tuple[str, ...]] = {
    "jurisdictions.csv": ("code", "name"),
    "instruments.csv": ("id", "jurisdiction", "title", "citation", "address"),
    "provisions.csv": ("id", "jurisdiction", "instrument", "title", "kind", "exclusive"),
    "substances.csv": (
        *("id", "name", "structure", "inchikey", "verification", "routes", "source"),
    ),
    **dict.fromkeys(NAMES, ("substance", "text", "kind", "language", "script", "source")),
    "identifiers.csv": ("substance", "kind", "value", "source"),
    "statements.csv": ("substance", "field", "value", "by", "note"),
    "tariff_codes.csv": (
        *("key", "substance", "system", "edition", "code", "scope", "earliest", "from", "to"),
        "source",
    ),
    "base_factors.csv": (
        *("substance", "salt", "base_units", "acid_units", "water", "percent", "source"),
    ),
    "corrections.csv": ("file", "key", "column", "was", "becomes", "reason", "source"),
    **dict.fromkeys(LISTINGS, LISTING_COLUMNS),
}


class _Reader:
    """The files of one folder with what their rows may refer to."""

    def __init__(
        self, folder: Path, given: Mapping[str, records.Source], corrections: Corrections
    ) -> None:
        self.folder, self.sources, self.corrections = folder, given, corrections

    def rows(self, file: str) -> Iterator[Row]:
        optional = ATTRIBUTES if file in LISTINGS else ()
        return rows(self.folder / file, COLUMNS[file], self.corrections, optional)

    def substance(self, row: Row) -> records.Substance:
        return records.Substance(
            id=row.text("id"),
            name=row.filled("name"),
            structure=row.text("structure"),
            inchikey=row.text("inchikey"),
            verification=row.word("verification", records.VERIFICATION),
            routes=row.text("routes"),
            source=row.known("source", self.sources),
        )

    def name(self, row: Row, substances: Mapping[str, object]) -> records.Name:
        return records.Name(
            substance=row.known("substance", substances),
            text=row.filled("text"),
            kind=row.word("kind", records.NAME_KINDS),
            language=row.text("language"),
            script=row.text("script"),
            source=row.known("source", self.sources),
        )

    def identifier(self, row: Row, substances: Mapping[str, object]) -> records.Identifier:
        return records.Identifier(
            substance=row.known("substance", substances),
            kind=row.word("kind", ("cas", "unii")),
            value=row.filled("value"),
            source=row.known("source", self.sources),
        )

    def listings(
        self, provisions: Mapping[str, object], substances: Mapping[str, object]
    ) -> Iterator[records.Listing]:
        keys: set[str] = set()
        for file in LISTINGS:
            for row in self.rows(file):
                if row.filled("key") in keys:
                    row.refuse("key", f"`{row.text('key')}` stands in another file already")
                keys.add(row.text("key"))
                yield self.listing(row, provisions, substances)

    def listing(
        self, row: Row, provisions: Mapping[str, object], substances: Mapping[str, object]
    ) -> records.Listing:
        return records.Listing(
            key=row.filled("key"),
            provision=row.known("provision", provisions),
            role=Role(row.word("role", tuple(Role))),
            name=row.filled("name"),
            substance=row.known("substance", substances),
            valid=row.period(),
            dating=row.word("dating", records.DATING),
            certainty=row.word("certainty", records.CERTAINTY),
            covers=_covers(row),
            paragraph=row.text("paragraph"),
            code=row.text("code"),
            drawing=row.text("drawing"),
            verification=row.word("verification", records.VERIFICATION),
            note=row.text("note"),
            source=row.known("source", self.sources),
            attributes={name: row.cells[name] for name in ATTRIBUTES if row.cells.get(name)},
        )

    def code(self, row: Row, substances: Mapping[str, object]) -> records.TariffCode:
        if not row.text("code").isdecimal():
            row.refuse("code", f"`{row.text('code')}` is not a code of digits only")
        return records.TariffCode(
            key=row.filled("key"),
            substance=row.known("substance", substances),
            system=row.filled("system"),
            edition=row.filled("edition"),
            code=row.text("code"),
            scope=row.word("scope", records.SCOPES),
            valid=row.period(),
            source=row.known("source", self.sources),
        )

    def factor(self, row: Row, substances: Mapping[str, object]) -> records.BaseFactor:
        percent = row.number("percent")
        if not 0 < percent <= 100:
            row.refuse("percent", f"`{percent}` is not within 0 and 100")
        return records.BaseFactor(
            substance=row.known("substance", substances),
            salt=row.filled("salt"),
            base_units=row.count("base_units"),
            acid_units=row.count("acid_units"),
            water=row.number("water"),
            percent=percent,
            source=row.known("source", self.sources),
        )


def _instrument(row: Row, jurisdictions: Mapping[str, object]) -> records.Instrument:
    return records.Instrument(
        id=row.text("id"),
        jurisdiction=row.known("jurisdiction", jurisdictions),
        title=row.filled("title"),
        citation=row.text("citation"),
        address=row.text("address"),
    )


def _provision(
    row: Row, jurisdictions: Mapping[str, object], instruments: Mapping[str, object]
) -> records.Provision:
    instrument = row.text("instrument")
    return records.Provision(
        id=row.text("id"),
        jurisdiction=row.known("jurisdiction", jurisdictions),
        instrument=row.known("instrument", instruments) if instrument else "",
        title=row.filled("title"),
        kind=row.word("kind", records.PROVISION_KINDS),
        exclusive=row.text("exclusive"),
    )


def _statement(row: Row, substances: Mapping[str, object]) -> records.Statement:
    return records.Statement(
        substance=row.known("substance", substances),
        field=row.word("field", ("structure", "cas")),
        value=row.filled("value"),
        by=row.filled("by"),
        note=row.text("note"),
    )


def _covers(row: Row) -> tuple[str, ...] | None:
    """Empty: the general closure of the provision. `none`: the substance itself and no more."""
    words = row.text("covers").split()
    if not words or words == ["none"]:
        return () if words else None
    for word in words:
        if word not in records.COVERS:
            row.refuse("covers", f"`{word}` is none of {', '.join(records.COVERS)}")
    return tuple(words)


def _corrections(folder: Path, given: Mapping[str, object]) -> Corrections:
    found = {}
    for row in rows(folder / "corrections.csv", COLUMNS["corrections.csv"], {}):
        file = row.word("file", COLUMNS)
        row.word("column", (*COLUMNS[file], *ATTRIBUTES))
        row.filled("reason")
        row.known("source", given)
        place = (file, row.filled("key"), row.text("column"))
        found[place] = (row.text("was"), row.text("becomes"))
    return found
