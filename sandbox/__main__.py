"""``python -m sandbox --port 8090``: every stand-in in one process, each mounted under its name.

Prints one JSON line ``{"url": ...}`` once it listens. ``GET /`` lists the stand-ins, with those that miss a
package, and ``POST /_control/reset`` resets them all.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sys
from pathlib import Path
from threading import Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.context import Context
from sandbox.pki import authority
from sandbox.registry import STAND_INS, factory, missing
from sandbox.switches import Switches, json_answer


class QuietHandler(WSGIRequestHandler):
    """Requests are told by ``_control/requests``; a line each on stderr would hide what matters."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


def build(root_url: str, data: Path | None, retry_scale: float) -> WSGIApplication:
    """The whole sandbox as one WSGI application; ``root_url`` has no trailing slash."""
    trusted, absent = authority(data), missing()
    standing = sorted(STAND_INS.keys() - absent)
    mounts = {
        f"/{name}": Switches(factory(name)(Context(name, root_url, data, retry_scale, trusted)))
        for name in standing
    }

    def root(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        path, method = environ.get("PATH_INFO") or "/", environ["REQUEST_METHOD"]
        if (method, path) == ("POST", "/_control/reset"):
            for switches in mounts.values():
                switches.reset()
            return json_answer({})(environ, start_response)
        return json_answer({"stand_ins": standing, "missing": absent})(environ, start_response)

    return DispatcherMiddleware(root, mounts)  # type: ignore[arg-type] # werkzeug types it looser


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, help="folder kept between runs (certificates)")
    parser.add_argument("--url", help="how others reach the sandbox, when not by host and port")
    parser.add_argument("--retry-scale", type=float, default=1.0, help="multiplies every retry delay")
    options = parser.parse_args()

    listening = socket.create_server((options.host, options.port), backlog=128)
    url = (options.url or f"http://{options.host}:{listening.getsockname()[1]}").rstrip("/")
    server = make_server(
        options.host,
        listening.getsockname()[1],
        build(url, options.data, options.retry_scale),
        threaded=True,
        request_handler=QuietHandler,
        fd=listening.fileno(),
    )
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
    print(json.dumps({"url": url}), flush=True)  # noqa: T201 # the announced line
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
