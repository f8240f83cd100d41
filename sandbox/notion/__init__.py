"""Notion's API, as far as reading and writing pages of a data source goes (developers.notion.com).

Answers and refusals follow its pages "Page property values", "Status codes" and "Request limits". At start
and after a reset it holds one data source with one sample page. Beside the controls that every stand-in has:

* ``POST  _control/pages`` ``{"data_source", "properties", "types"?, "options"?, "in_trash"?}`` -> ``{"id"}``:
  a page; a data source not yet there is made, with the hub's write-back properties. ``properties`` gives
  plain values (a relation: page ids; ``types`` types those that need it) or, under a type's own key, what
  Notion would answer (``{"formula": {...}}``);
* ``GET   _control/pages/<id>`` its properties as a person reads them, empty ones left out;
* ``PATCH _control/pages/<id>`` ``{"properties", "in_trash"?}``: a person edits it;
* ``PATCH _control/settings`` see ``sandbox.notion.workspace.Settings``;
* what Notion sends by itself: see ``sandbox.notion.webhooks``.
"""

from sandbox.notion.mount import create
from sandbox.notion.sample import DATA_SOURCE_ID, PAGE_ID, TOKEN

__all__ = ["DATA_SOURCE_ID", "PAGE_ID", "TOKEN", "create"]
