"""Microsoft Entra's token endpoint and the part of Graph v1.0 that handles the files of one site.

Follows learn.microsoft.com/graph/api (``site-getbypath``, ``drive-*``, ``driveitem-*``,
``onedrive-addressing-driveitems``, ``errors``, ``throttling``). Beside the controls that every stand-in
has:

* ``GET   _control/items`` every item: id, name, parent, folder, binned, sha256;
* ``POST  _control/items`` ``{"name", "text"?, "parent"?}``: a file or a folder made by a person;
  ``{"name", "age_seconds"}``: a file left in every folder that long ago;
* ``PATCH _control/items/<id>`` ``{"text" | "name" | "binned" | "deleted"}``: what a person did to it;
* ``PATCH _control/settings`` see ``sandbox.microsoft_graph.library.Settings``;
* ``GET   _control/uploads`` how many upload sessions are open, ``DELETE`` ends them;
* ``POST  _control/certificates`` ``{"pem"}``: a certificate that proves the application;
* ``POST  _control/revoke`` forgets every access token handed out.
"""

from sandbox.microsoft_graph.identity import CLIENT_ID, CLIENT_SECRET, TENANT
from sandbox.microsoft_graph.library import DRIVE_ID, OTHER_LIBRARY, ROOT_ID, Settings
from sandbox.microsoft_graph.mount import create
from sandbox.microsoft_graph.routes import SITE_URL

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "DRIVE_ID",
    "OTHER_LIBRARY",
    "ROOT_ID",
    "SITE_URL",
    "TENANT",
    "Settings",
    "create",
]
