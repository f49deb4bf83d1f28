"""`subreg`: the register on the command line. One door; each command calls one use case."""

from __future__ import annotations

import typer

from api.cli import (
    access,
    ask,
    audit,
    authorisations,
    case,
    collections,
    customs,
    database,
    diff,
    doctor,
    documents,
    draft,
    evidence,
    jobs,
    law,
    law_diff,
    ledgers,
    names,
    notify,
    scheduling,
    screen,
    search,
    serve,
    simulate,
    watch,
)

app = typer.Typer(
    name="subreg",
    help="Controlled substances and precursors: what the law says, on which day, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("check")(ask.check)
app.command("screen")(screen.screen)
app.command("ship")(ask.ship)
app.command("customs")(customs.customs)
app.command("show")(ask.show)
app.command("diff")(diff.diff)
app.command("simulate")(simulate.simulate)
app.command("search")(search.search)
app.command("compare")(search.compare)
app.command("find")(names.find)
app.command("structure-of")(names.structure_of)
app.command("provision")(ask.provision)
app.command("coverage")(law.coverage)
app.command("options")(scheduling.options)
app.command("option")(scheduling.option)
app.command("replay")(ask.replay)
app.command("audit")(audit.audit)
app.add_typer(database.db, name="db")
app.add_typer(database.seed, name="seed")
law.law.command("diff")(law_diff.diff)
app.add_typer(law.law, name="law")
app.command("verify")(documents.verify)
app.add_typer(documents.documents, name="documents")
app.add_typer(watch.watch, name="watch")
app.add_typer(notify.notify, name="notify")
app.add_typer(case.case, name="case")
app.add_typer(jobs.jobs, name="jobs")
app.add_typer(evidence.evidence, name="evidence")
app.command("priority")(evidence.priority)
app.add_typer(authorisations.authorisation, name="authorisation")
app.add_typer(ledgers.ledger, name="ledger")
app.add_typer(draft.draft, name="draft")
app.add_typer(collections.collection, name="collection")
app.add_typer(access.access, name="access")
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.command("version")(doctor.version)
