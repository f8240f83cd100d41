"""A firm's own CRM, as it might be: JSON records behind a key, one list, one address that takes what became
of an agreement. It imitates nobody's; what it wants is what the hub's own page says of it.

* ``GET  dossiers/<id>`` -> ``{"data": {...}}``; ``GET dossiers`` -> ``{"items": [...], "total", "next"}``,
  a hundred at a time;
* ``POST dossiers/<id>/convention`` keeps the body.

Beside the controls that every stand-in has:

* ``POST  _control/records`` ``{"id"?, ...}`` -> ``{"id"}``: a record, any JSON object;
* ``GET   _control/records/<id>`` the record, ``conventions`` holding every body that was posted;
* ``PATCH _control/settings`` ``{"key", "page_size", "next"}``: another key than ``KEY`` is wanted from now
  on, another number goes on a page, ``next`` is what every page says of its following.
"""

from sandbox.crm.mount import KEY, create
from sandbox.crm.sample import RECORD_ID

__all__ = ["KEY", "RECORD_ID", "create"]
