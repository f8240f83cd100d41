"""Airtable's Web API, as far as records and webhooks go (airtable.com/developers/web/api).

Error bodies and column types follow Airtable's pages; ``pyairtable`` checks the answers' shape. At start
and after a reset it holds one sample base. Beside the controls that every stand-in has:

* ``POST  _control/records`` ``{"base", "table", "fields", "columns"?, "select_options"?}`` -> ``{"id"}``:
  a record; a base or table not yet there is made, with the hub's write-back columns, and ``columns``
  (``{"name": "type"}``) types those that need it; a name missing from it gets a type by its value;
* ``GET   _control/records/<base>/<table>/<record>`` its cells as they stand;
* ``GET   _control/webhooks`` every webhook with its pings; ``POST _control/webhooks/<base>/<id>/age``
  ``{"expires_in"?, "notifying"?}``; ``POST .../repeat`` ``{"times"?, "corrupt"?}``: the last ping again,
  all at once;
* ``PATCH _control/settings`` see ``sandbox.airtable.bases.Settings``.
"""

from sandbox.airtable.mount import create
from sandbox.airtable.sample import BASE_ID, RECORD_ID, TABLE_ID, TABLE_NAME, TOKEN

__all__ = ["BASE_ID", "RECORD_ID", "TABLE_ID", "TABLE_NAME", "TOKEN", "create"]
