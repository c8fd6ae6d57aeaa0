"""The command that serves the API."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from .options import Folder, err


def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0: any that is free.")] = 8000,
) -> None:
    """Serve the API over a directory: ranked matches for one caller at a time."""
    import uvicorn

    from .serve.app import create_app
    from .serve.held import Holder, read
    from .settings import settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    with err.status("Making the directory ready"):
        holder = Holder(lambda moment: read(Path(folder), moment))
    uvicorn.run(
        create_app(holder, settings()), host=host, port=port, access_log=False, log_config=None, server_header=False
    )
