"""What an operator may set, by environment (`SUBREG_…`) or argument."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_cache_path, user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from registry.store.session import shown


def default_cache() -> Path:
    """A folder of this user's own for what can be made again."""
    return user_cache_path("substance-register")


def default_database_url() -> str:
    """A SQLite file in the user's data folder."""
    return f"sqlite:///{user_data_path('substance-register') / 'register.sqlite'}"


class Settings(BaseSettings):
    """Read once, at the door. Nothing else in this project reads the environment."""

    model_config = SettingsConfigDict(env_prefix="SUBREG_", frozen=True, extra="ignore")

    database_url: Annotated[
        str,
        Field(
            default_factory=default_database_url,
            description="`sqlite:///file` or `postgresql://user@host/name`",
        ),
    ]
    host: Annotated[str, Field(description="address the service listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port it listens on")] = 8000
    deadline_seconds: Annotated[
        float, Field(gt=0, le=600, description="longest computation for one structure, seconds")
    ] = 5.0
    workers: Annotated[int, Field(ge=1, le=256, description="chemistry worker processes")] = 2
    worker_memory_bytes: Annotated[
        int, Field(ge=256 << 20, description="memory one worker may take, bytes")
    ] = 2 << 30
    body_bytes: Annotated[
        int, Field(ge=1024, description="largest request body accepted, bytes")
    ] = 1 << 20
    law_root: Annotated[
        Path | None, Field(description="folder of provisions; empty for those that ship with it")
    ] = None
    cache: Annotated[
        Path,
        Field(
            default_factory=default_cache,
            description="folder of this user alone for what can be made again",
        ),
    ]
    collections: Annotated[
        Path | None,
        Field(description="folder of collections; a service without it has none"),
    ] = None
    actor: Annotated[str, Field(description="who the decision log says has asked")] = "anonymous"
    webhook_private: Annotated[
        bool, Field(description="reports may go to this machine and to private networks")
    ] = False
    smarts: Annotated[
        bool, Field(description="whether the service matches SMARTS; only for trusted callers")
    ] = False
    log_level: Annotated[
        str, Field(pattern="^(debug|info|warning|error)$", description="least level logged")
    ] = "info"

    @property
    def default_database(self) -> bool:
        """Whether nobody has said which database to use."""
        return "database_url" not in self.model_fields_set

    def shown(self) -> dict[str, Any]:
        """The settings as they may be printed: without a password."""
        return self.model_dump(mode="json") | {"database_url": shown(self.database_url)}
