"""Microsoft Entra's token endpoint and the part of Graph v1.0 that handles files of a library.

Follows learn.microsoft.com/graph/api (``driveitem-*``, ``onedrive-addressing-driveitems``,
``errors``). Beside the controls that every stand-in has:

* ``GET   _control/items`` every item: id, name, parent, folder, size, deleted (``null`` | ``bin``);
* ``POST  _control/items`` ``{"name", "age_seconds"}``: a file left in the working folder that long ago;
* ``PATCH _control/settings`` see ``sandbox.microsoft_graph.library.Settings``;
* ``POST  _control/revoke`` forgets every access token handed out.
"""

from sandbox.microsoft_graph.library import DRIVE_ID
from sandbox.microsoft_graph.mount import CLIENT_ID, CLIENT_SECRET, TENANT, create

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "DRIVE_ID", "TENANT", "create"]
