"""Google's token endpoint, Drive v3 and Sheets v4, as far as the hub uses them.

Follows the discovery documents packaged with Google's client and the guides of
developers.google.com/workspace. Beside the controls that every stand-in has:

* ``GET  _control/service_account.json`` the key to give the hub, ``token_uri`` pointing here;
* ``GET  _control/files`` everything kept, ids, names, folders, hashes;
* ``POST _control/files`` ``{"name", "parent"?, "folder"?, "text"?}``: what a person adds by hand;
* ``PATCH _control/files/<id>`` what a person changes:
  ``{"name"?, "text"?, "parent"?, "trashed"?, "deleted"?}``;
* ``PATCH _control/settings`` see ``sandbox.google.drive.Settings``;
* ``POST _control/revoke`` forgets every access token handed out;
* ``POST _control/sheets/rows`` ``{"spreadsheet", "sheet", "rows"?, "fields"?, "sort_by"?}`` -> ``{"row"}``:
  all the rows of a sheet (made if it is not there), or one more, named by its columns; then sorted;
* ``GET  _control/sheets/<spreadsheet>/<sheet>`` its cells as they stand;
* ``PATCH _control/sheets/settings`` see ``sandbox.google.sheets.Settings``.
"""

from sandbox.google.drive import MY_DRIVE_FOLDER_ID, SHARED_DRIVE_ID, SHARED_FOLDER_ID
from sandbox.google.mount import create
from sandbox.google.sheets_sample import SHEET, SPREADSHEET_ID

__all__ = [
    "MY_DRIVE_FOLDER_ID",
    "SHARED_DRIVE_ID",
    "SHARED_FOLDER_ID",
    "SHEET",
    "SPREADSHEET_ID",
    "create",
]
