"""The kinds of problems of this service: code, status, title, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `text` is its page: what it means and what the caller can do."""

    status: HTTPStatus
    title: str
    text: str


KINDS: dict[str, Kind] = {
    "bad-input": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the input cannot be used as it stands",
        "The detail says which part. Correct it and ask again.",
    ),
    "structure-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the structure was refused before it was read",
        "The text breaks a bound that protects the service or would be misread: its length, its "
        "characters, a charge, an isotope, the depth of its branches. `position` counts "
        "characters from 0 and says where.",
    ),
    "structure-unreadable": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the structure cannot be read whole",
        "The text is no SMILES, InChI or molfile of a single definite structure. Nothing is "
        "guessed and nothing is dropped. `position`, where known, counts characters from 0.",
    ),
    "cas-check-digit": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the number is no CAS number",
        "The last digit of a CAS number follows from the others. The detail says which digit would; "
        "as likely another digit was mistyped.",
    ),
    "name-not-a-structure": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the name is not read as one structure without doubt",
        "The detail says what is in doubt. OPSIN reads systematic names in English; a trade name or "
        "a common name is looked up with `/v1/search/names`.",
    ),
    "name-ambiguous": Kind(
        HTTPStatus.CONFLICT,
        "more than one substance answers to the name",
        "`candidates` lists the identifiers of the substances; ask again with a CAS number, an "
        "InChIKey or the structure.",
    ),
    "substance-without-structure": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the substance has no structure in this register",
        "Plants, groups and structures nobody has read cannot be asked about by structure. The "
        "substance's own page shows where it is listed.",
    ),
    "scope-unknown": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "no law of that jurisdiction or provision is modelled",
        "Leave the list empty to ask all, or take identifiers from `/v1/provisions`.",
    ),
    "smarts-not-allowed": Kind(
        HTTPStatus.FORBIDDEN,
        "this service matches no SMARTS",
        "A short SMARTS can ask for hours of work. Give the part you look for as a structure; the "
        "operator may allow SMARTS where every caller is trusted.",
    ),
    "not-identified": Kind(
        HTTPStatus.UNAUTHORIZED,
        "this needs a key",
        "Send a key in the header `Authorization: Bearer …`, or log in on the pages. The operator "
        "makes keys with `subreg access key add`. A key that is unknown, revoked or expired is "
        "answered alike.",
    ),
    "not-allowed": Kind(
        HTTPStatus.FORBIDDEN,
        "the key does not allow this",
        "The key's role, country, firm or scopes do not reach so far, or the record is in a state "
        "in which they do not. The answer is the same where there is no such record.",
    ),
    "form-refused": Kind(
        HTTPStatus.FORBIDDEN,
        "the form is not of this session",
        "Every form carries a token of the session it belongs to. Open the page again and send it "
        "from there.",
    ),
    "key-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "such a key cannot be made or ended",
        "The detail says why. A key has a name and a role; those of applicants, authorities and "
        "customs a country; that of an applicant, and no other, a firm. The last administrator "
        "stays.",
    ),
    "stale-index": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "what is to be searched is not ready",
        "Its import has not come to its end, or it was made by another version of the software. "
        "The operator runs `subreg collection import` or `subreg collection index`.",
    ),
    "known-on-future": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "nothing can be known yet as of a day to come",
        "`known_on` asks what this register knew on a day. Leave it out for what it knows now.",
    ),
    "dates-reversed": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the first of two dates is after the second",
        "Put the earlier one first. `since` must not be after the moment asked about.",
    ),
    "case-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the case cannot be opened or added to so",
        "The detail says why: a step that is not of the procedure, that is on record already, or a "
        "day that it cannot have. What was wrong is corrected by an entry that names the first.",
    ),
    "watch-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be watched so",
        "A watch has a name of its own among those of its owner, and is over the register or over "
        "structures given with it.",
    ),
    "webhook-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "reports may not be sent to this address",
        "Reports go by https to a public address, signed with a secret of at least 16 characters. "
        "The operator may allow private networks by `SUBREG_WEBHOOK_PRIVATE`.",
    ),
    "evidence-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be recorded as evidence",
        "Nothing was recorded. The detail names the first faults, each with the place of the record "
        "in the request. What is on record under the same source and key, and says something else, "
        "is corrected only where `correction` says why.",
    ),
    "weights-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "these weights cannot be used",
        "Write `weight=fatal-cases=4`: a criterion that `/v1/priority` names, and a number from 0 to "
        "1000. Zero leaves the criterion out; one at least has to stay.",
    ),
    "window-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "so many months are no window",
        "Give a whole number of months, counted back from the day asked about.",
    ),
    "draft-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be kept as a draft",
        "A draft has a name of its own among those of its owner, one jurisdiction for good, and text "
        "that differs from its newest version. A text that cannot be read may be kept: it is then "
        "unfinished, and `faults` say where.",
    ),
    "simulation-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be simulated so",
        "A simulation tries 1 to 20 drafts, each with an identifier of its own, over 1 to 20 "
        "libraries.",
    ),
    "library-unknown": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "there is no library of this name",
        "The detail lists those there are. Libraries hold known, named substances only.",
    ),
    "law-diff-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "these laws cannot be compared",
        "A law diff is between two dates, or two sets of rule files, and at most 60 of them.",
    ),
    "paper-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be a paper, or lacks what the conventions ask for",
        "The detail names everything that is missing with its article. Amend the draft.",
    ),
    "act-refused": Kind(
        HTTPStatus.CONFLICT,
        "the act is not possible as the paper stands",
        "`possible` of the paper lists the acts its state allows; the detail says what is in the "
        "way.",
    ),
    "over-limit": Kind(
        HTTPStatus.CONFLICT,
        "the figure of the year does not hold it",
        "The detail says how much base is left. A supplementary estimate may be asked for (1961 "
        "article 19 (3)); nothing was reserved.",
    ),
    "figure-unknown": Kind(
        HTTPStatus.CONFLICT,
        "a figure that binds is not known",
        "Open the ledger of that country, substance and year, or give the factor of the form with "
        "its source. What is not known is never taken to fit.",
    ),
    "ledger-exists": Kind(
        HTTPStatus.CONFLICT,
        "there is such a ledger already",
        "Each country, substance, year, kind and holder has one. Enter a supplement or a new limit.",
    ),
    "entry-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this cannot be entered",
        "An entry by hand is a limit, a supplement or trade outside, with a reason and a source.",
    ),
    "mass-unusable": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "no ledger can hold this mass",
        "Masses are grams of base, not below zero and at most nine million million.",
    ),
    "strength-unreadable": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the strength is not written as one",
        "Write `10 mg`, `10 mg/mL`, `5 % m/V`, or `36 % m/m, density 1.18 g/mL`.",
    ),
    "act-not-possible": Kind(
        HTTPStatus.CONFLICT,
        "this cannot be done where the notification stands",
        "`possible` of the notification lists what can. Nothing was recorded.",
    ),
    "notification-incomplete": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "what has to be told before export is not all there",
        "`lacks` of the notification names each thing with the clause of 1988 article 12 (10) (a) "
        "that asks for it. Put another content in the draft's place, then send it.",
    ),
    "proof-missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "nothing shows that it arrived",
        "Delivery sets the time to reply running. Say in `proof` what shows it: a receipt, a record "
        "of the system that carried it.",
    ),
    "time-not-over": Kind(
        HTTPStatus.CONFLICT,
        "the time to reply is not over",
        "`reply_by` of the notification says when it is for certain; where it is null, `position` "
        "says what is missing.",
    ),
    "moment-not-possible": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "it cannot have happened then",
        "A moment to come, or before the notification was sent, is refused.",
    ),
    "message-refused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "this is no message of the documented form, or not for its sender to send",
        "The schemas are at `/v1/schemas/`. The detail says where the fault is.",
    ),
    "version-required": Kind(
        HTTPStatus.PRECONDITION_REQUIRED,
        "the act does not say which version it is meant for",
        "Send the ETag of the version you have seen in `If-Match`; `*` takes any.",
    ),
    "version-conflict": Kind(
        HTTPStatus.PRECONDITION_FAILED,
        "somebody has acted since the version you have seen",
        "Look at the record again, then decide whether the act is still right.",
    ),
    "key-reused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the key was used before for another request",
        "Keys are kept for the life of the record. Take a new key for a new request.",
    ),
    "cursor-invalid": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the cursor was not given out by this service",
        "Take `next` from the page before, unchanged; leave it out for the first page.",
    ),
    "request-invalid": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the request has faults",
        "`errors` names each fault with a JSON pointer (RFC 6901) into the request.",
    ),
    "not-found": Kind(
        HTTPStatus.NOT_FOUND,
        "nothing of that identifier on the dates asked",
        "The register may have learned of it after the moment asked about; see `known_on`.",
    ),
    "route-unknown": Kind(
        HTTPStatus.NOT_FOUND, "there is no such address", "The routes are listed in /openapi.json."
    ),
    "method-not-allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "the address does not take this method",
        "The Allow header lists the methods it takes.",
    ),
    "body-too-large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "the request body is too large",
        "One request asks about one structure or one consignment. Use `subreg screen` for many.",
    ),
    "computation-stopped": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the computation was stopped at its limit",
        "A classification is then still answered, as undetermined. This problem comes only where "
        "there is no answer to give, such as a picture.",
    ),
    "opsin-not-installed": Kind(
        HTTPStatus.NOT_IMPLEMENTED,
        "this installation cannot read systematic names",
        "The operator installs Java and `substance-register[opsin]`. Everything else works without.",
    ),
    "database-not-ready": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the database is missing, locked or of another revision",
        "Try again; if it stays, the operator runs `subreg doctor`.",
    ),
    "draft-wrong": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the draft is wrong, or speaks of what the law has not",
        "The detail begins with line and column of the draft. Nothing was simulated.",
    ),
    "rule-file-wrong": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "a rule file is wrong",
        "The operator corrects the file named in the log.",
    ),
    "seed-file-wrong": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "a data file is wrong",
        "The operator corrects the file named in the log.",
    ),
    "file-error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "a file of this installation is wrong",
        "The operator corrects the file named in the log.",
    ),
    "register-error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the service could not answer",
        "Report it with the request id.",
    ),
    "fault": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "a fault of this service",
        "Nothing was decided and nothing was recorded. Report it with the request id.",
    ),
    "request-failed": Kind(
        HTTPStatus.BAD_REQUEST, "the request cannot be taken", "The detail says why."
    ),
}
