"""``sogdia serve``: the workbench in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.options import RegionOption, StoreOption

PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 for any free one.")
]
HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen at; one beyond this machine needs --token.")
]
TokenOption = Annotated[
    str | None,
    typer.Option("--token", envvar="SOGDIA_TOKEN", help="Secret that each request must carry."),
]
ReadOnlyOption = Annotated[
    bool, typer.Option("--read-only", help="Refuse jobs, and saving of plans and scenarios.")
]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")]


def serve(
    store: StoreOption = None,
    region: RegionOption = DEFAULT_REGION,
    port: PortOption = 8321,
    host: HostOption = "127.0.0.1",
    token: TokenOption = None,
    read_only: ReadOnlyOption = False,
    no_browser: NoBrowserOption = False,
) -> None:
    """Serve the workbench: maps, plans, comparisons and jobs in the browser, and an API.

    It listens at this machine alone unless --host says otherwise. Ctrl-C ends it; jobs continue.
    """
    from sogdia.api.runs import open_store
    from sogdia.api.settings import validated
    from sogdia.web.server import serve as start
    from sogdia.web.settings import WebSettings

    settings = validated(
        WebSettings,
        {
            "store": open_store(store).folder.absolute(), "region": region, "host": host, "port": port,
            "token": token, "read_only": read_only,
        },
    )  # fmt: skip

    def show(address: str) -> None:
        typer.echo(f"serving {settings.region} and the store {settings.store}")
        typer.echo(f"open {address}")

    start(settings, show, opens_browser=not no_browser)
