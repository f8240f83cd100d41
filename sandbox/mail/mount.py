"""The routes under ``/mail``: the controls, and the mails for people."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template_string, request

from sandbox.context import Context, StandIn
from sandbox.mail.sink import Sink

_PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Courriels, bac à sable</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 48rem; color: #1d2433 }
.mark { background: #8a1c1c; color: #fff; padding: .5rem 1rem; font-weight: 700; text-align: center }
article { border: 1px solid #cfd5e1; border-radius: 8px; padding: 1rem; margin-bottom: 1rem }
h2 { font-size: 1.1rem; margin: 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 1rem 0 0 }
</style>
<p class="mark">BAC À SABLE, SANS VALEUR</p>
<h1>Courriels</h1>
{% for one in messages %}
<article><h2>{{ one.subject }}</h2>De {{ one.from }} à {{ one.to | join(", ") }}
<pre>{{ one.text | urlize(rel="noreferrer") }}</pre></article>
{% else %}
<p>Aucun courriel n'est encore arrivé.</p>
{% endfor %}
</html>
"""


def create(context: Context) -> StandIn:
    """Without a socket (``context.smtp``) nothing can come, and the pages are empty."""
    sink = Sink()
    if context.smtp:
        sink.listen(context.smtp)
    app = Flask("sandbox.mail")

    @app.get("/")
    def view() -> str:
        return render_template_string(_PAGE, messages=reversed(sink.messages()))

    @app.get("/_control/messages")
    def messages() -> list[dict[str, Any]]:
        return sink.messages()

    @app.patch("/_control/settings")
    def settings() -> dict[str, str]:
        sink.refusal = str(request.get_json()["refusal"])
        return {"refusal": sink.refusal}

    return StandIn(app, sink.reset)
