"""The rows of a table, for the eyes of a person: the page reads itself again every few seconds."""

from __future__ import annotations

from flask import render_template_string

from sandbox.airtable.bases import Table

_PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>{{ table.name }}, bac à sable</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem; color: #1d2433 }
.mark { background: #8a1c1c; color: #fff; padding: .5rem 1rem; font-weight: 700; text-align: center }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { border: 1px solid #cfd5e1; padding: .35rem .6rem; text-align: left; vertical-align: top }
th { width: 14rem; background: #f3f5f9; font-weight: 600 }
td { white-space: pre-line; overflow-wrap: anywhere }
</style>
<p class="mark">BAC À SABLE, SANS VALEUR</p>
<h1>{{ table.name }}</h1>
{% for record in table.records.values() %}
<table>
<caption><code>{{ record.id }}</code></caption>
{% for name in table.columns %}
<tr><th scope="row">{{ name }}</th><td>
{%- set cell = record.cells.get(name, "") -%}
{%- if cell is string and (cell.startswith("http://") or cell.startswith("https://")) -%}
<a href="{{ cell }}" rel="noreferrer">{{ cell }}</a>{%- else -%}{{ cell }}{%- endif -%}
</td></tr>
{% endfor %}
</table>
{% endfor %}
</html>
"""


def render_rows(table: Table) -> str:
    return render_template_string(_PAGE, table=table)
