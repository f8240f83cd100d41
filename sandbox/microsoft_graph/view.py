"""What a person sees at the address of an item (``webUrl``)."""

from __future__ import annotations

from flask import abort, render_template_string

from sandbox.microsoft_graph.library import Library
from sandbox.microsoft_graph.refusals import Refusal

_PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>SharePoint du bac à sable</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1d2433 }
.mark { background: #8a1c1c; color: #fff; padding: .5rem 1rem; font-weight: 700; text-align: center }
code { overflow-wrap: anywhere }
</style>
<p class="mark">BAC À SABLE, SANS VALEUR</p>
<h1>{{ item.name }}</h1>
<p>/{{ path }}</p>
{% if item.content is none %}<ul>{% for child in children %}
<li>{{ '📁' if child.content is none else '📄' }} <a href="{{ child.id }}">{{ child.name }}</a></li>
{% endfor %}</ul>{% else %}
<p>{{ item.content | length }} octets.<br>SHA-256 : <code>{{ item.digests()[1] }}</code></p>
<p><a href="{{ item.id }}/content">Ouvrir le fichier</a></p>{% endif %}
</html>
"""


def render_item(library: Library, item_id: str) -> str:
    with library.lock:
        try:
            item = library.item(item_id)
        except Refusal:
            abort(404)
        return render_template_string(
            _PAGE,
            item=item,
            path=library.path(item),
            children=library.children(item),
        )
