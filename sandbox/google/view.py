"""What is in the stand-in's Drive, for the eyes of a person."""

from __future__ import annotations

from flask import abort, render_template_string

from sandbox.google.drive import Drive
from sandbox.google.items import Item

_PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drive du bac à sable</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1d2433 }
.mark { background: #8a1c1c; color: #fff; padding: .5rem 1rem; font-weight: 700; text-align: center }
ul { list-style: none; padding-left: 1.25rem } code { overflow-wrap: anywhere }
.off { text-decoration: line-through }
</style>
<p class="mark">BAC À SABLE, SANS VALEUR</p>
{% macro branch(parent) %}<ul>{% for item in children.get(parent, []) %}
<li class="{{ 'off' if item.trashed }}">
{%- if item.content is none %}📁 {{ item.name }}{{ branch(item.id) }}
{%- else %}📄 <a href="{{ base }}/{{ item.id }}">{{ item.name }}</a>
{{- ' 🔒' if item.restrictions }}{% endif %}</li>
{% endfor %}</ul>{% endmacro %}
{% if file %}
<h1>{{ file.name }}</h1>
<p>{{ file.content | length }} octets{{ ', verrouillé en lecture seule' if file.restrictions }}
{{- ', dans la corbeille' if file.trashed }}.<br>SHA-256 : <code>{{ file.sha256 }}</code></p>
<p><a href="{{ base }}/{{ file.id }}/content">Ouvrir le fichier</a> ·
<a href="{{ base }}">Tout le Drive</a></p>
{% else %}
<h1>Drive du bac à sable</h1>
{{ branch(None) }}
{% endif %}
</html>
"""


def render_tree(drive: Drive) -> str:
    children: dict[str | None, list[Item]] = {}
    with drive.lock:
        for item in sorted(drive.items.values(), key=lambda item: item.name):
            children.setdefault(item.parents[0] if item.parents else None, []).append(item)
    return render_template_string(_PAGE, children=children, file=None, base="/google/view")


def render_file(drive: Drive, file_id: str) -> str:
    item = drive.items.get(file_id)
    if item is None:
        abort(404)
    if item.content is None:
        return render_tree(drive)
    return render_template_string(_PAGE, children={}, file=item, base="/google/view")
