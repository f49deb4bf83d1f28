"""What can be done with the register, and how somebody may stand to a record."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Every act that is asked about, as `kind:verb`. A key's scopes are globs over these."""

    REGISTER_READ = "register:read"
    CLASSIFY = "structure:classify"
    SEARCH = "structure:search"
    SMARTS = "structure:search-smarts"
    SHIPMENT_CHECK = "shipment:check"
    COLLECTION_SEARCH = "collection:search"
    COLLECTION_IMPORT = "collection:import"
    COLLECTION_EXPORT = "collection:export"
    WATCH_READ = "watch:read"
    WATCH_MANAGE = "watch:manage"
    SIMULATION_RUN = "simulation:run"
    SIMULATION_WHY_NOT = "simulation:why-not"
    SIMULATION_READ = "simulation:read"
    HISTORY_READ = "history:read"
    DECISION_READ = "decision:read"
    AUDIT_READ = "audit:read"

    AUTHORISATION_READ = "authorisation:read"
    AUTHORISATION_DRAFT = "authorisation:draft"
    AUTHORISATION_SUBMIT = "authorisation:submit"
    AUTHORISATION_WITHDRAW = "authorisation:withdraw"
    AUTHORISATION_ASK = "authorisation:ask-information"
    AUTHORISATION_GRANT = "authorisation:grant"
    AUTHORISATION_REFUSE = "authorisation:refuse"
    AUTHORISATION_ISSUE = "authorisation:issue"
    AUTHORISATION_SUSPEND = "authorisation:suspend"
    AUTHORISATION_RESUME = "authorisation:resume"
    AUTHORISATION_CANCEL = "authorisation:cancel"
    AUTHORISATION_AMEND = "authorisation:amend"
    AUTHORISATION_EXPIRE = "authorisation:expire"
    AUTHORISATION_LOSE = "authorisation:declare-lost"
    AUTHORISATION_REPLACE = "authorisation:replace"
    AUTHORISATION_SHIP = "authorisation:ship"
    AUTHORISATION_RELEASE = "authorisation:release"
    AUTHORISATION_ENDORSE = "authorisation:endorse"
    AUTHORISATION_CLOSE = "authorisation:close"

    LEDGER_READ = "ledger:read"
    LEDGER_SET = "ledger:set"
    LEDGER_SUPPLEMENT = "ledger:supplement"
    LEDGER_OUTSIDE = "ledger:enter-outside"

    NOTIFICATION_READ = "notification:read"
    NOTIFICATION_COMPOSE = "notification:compose"
    NOTIFICATION_SEND = "notification:send"
    NOTIFICATION_SUPPLY = "notification:supply"
    NOTIFICATION_RECORD = "notification:record"
    NOTIFICATION_REPLY = "notification:reply"
    NOTIFICATION_SUSPEND = "notification:suspend"
    NOTIFICATION_STOP = "notification:stop"
    NOTIFICATION_CLOSE = "notification:close"

    DRAFT_READ = "draft:read"
    DRAFT_WRITE = "draft:write"

    CUSTOMS_CHECK = "customs:check"

    DOCUMENT_VERIFY = "document:verify"
    KEYS_MANAGE = "keys:manage"
    SEED_MANAGE = "seed:manage"
    LAW_MANAGE = "law:manage"


class Relation(StrEnum):
    """How whoever acts stands to the record acted on. Several may hold at once."""

    OWN = "own"
    NAMED = "named"
    OWN_COUNTRY = "own country"
    OTHER_END = "other end"
    TRANSIT = "transit country"
    OTHER = "other"
    NONE = "none"


MEANING: dict[Relation, str] = {
    Relation.OWN: "it made or applied for the record, or is the firm applied for",
    Relation.NAMED: "it is another party on the record",
    Relation.OWN_COUNTRY: "its country makes the record, or goods stand at its border",
    Relation.OTHER_END: "its country is the other end of the trade",
    Relation.TRANSIT: "the goods pass through its country",
    Relation.OTHER: "a record, however it stands to it",
    Relation.NONE: "no record is acted on",
}
