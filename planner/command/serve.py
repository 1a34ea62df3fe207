"""The command that serves the workbench: parse, choose, print; no logic. It alone imports the workbench, once it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.process.terminal import stdout, tell


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of parks and runs; left out: the current one.")] = Path(),
    port: Annotated[int, typer.Option(help="Port; 0: any that is free.")] = 0,
    host: Annotated[str, typer.Option(help="Address; another than this machine's own needs --password-file.")] = "127.0.0.1",
    password_file: Annotated[Path | None, typer.Option(help="File with the password that a browser is asked for.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the address in a browser.")] = True,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Open the workbench: parks and runs of a folder in a browser.

    Example: plan serve parks
    """
    from planner.language.language import choose_language

    code = choose_language(language).code
    if not 0 <= port <= 65535:
        raise CaseError.because("--port {port}: is not within 0 to 65535", port=port)
    try:
        from planner.workbench.start import ServeOptions, serve
    except ModuleNotFoundError as error:
        words = Message('plan serve: {package} is not installed; pip install "parkzero[serve]"', package=error.name)
        raise CaseError([words]) from error
    if password_file is not None and host != "127.0.0.1":
        tell(Message("what goes to and from {host} is not encrypted: who listens on the way reads it, and the password", host=host))

    def begun(address: str) -> None:
        tell(Message("The workbench: open this address, which is good for one browser; Ctrl-C ends it."))
        tell(address, stdout)

    serve(ServeOptions(folder, port, host, password_file, browser, code), begun)
