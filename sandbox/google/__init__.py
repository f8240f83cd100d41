"""Google's token endpoint and Drive v3, as the hub's archive uses them.

Follows the drive.v3 discovery document packaged with Google's client and the guides of
developers.google.com/workspace/drive/api. Beside the controls that every stand-in has:

* ``GET  _control/service_account.json`` the key to give the hub, ``token_uri`` pointing here;
* ``GET  _control/files`` everything kept, ids, names, folders, hashes;
* ``POST _control/files`` ``{"name", "parent"?, "folder"?, "text"?}``: what a person adds by hand;
* ``PATCH _control/files/<id>`` what a person changes:
  ``{"name"?, "text"?, "parent"?, "trashed"?, "deleted"?}``;
* ``PATCH _control/settings`` see ``sandbox.google.drive.Settings``;
* ``POST _control/revoke`` forgets every access token handed out.
"""

from sandbox.google.drive import MY_DRIVE_FOLDER_ID, SHARED_DRIVE_ID, SHARED_FOLDER_ID
from sandbox.google.mount import create

__all__ = ["MY_DRIVE_FOLDER_ID", "SHARED_DRIVE_ID", "SHARED_FOLDER_ID", "create"]
