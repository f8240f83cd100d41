"""Formstack Documents' merge address: ``POST /merge/<id>/<key>`` (webmerge.me/developers/documents).

The address is the only secret. One document stands from the start, the agreement of the samples in a few
lines. Beside the controls that every stand-in has:

* ``PUT  _control/documents/<id>`` ``{"key", "text", "output"?}``: a document, ``{$client.nom}`` in its text
  replaced by the values given, ``output`` ``pdf`` (default) or ``docx``;
* ``GET  _control/merges`` what was merged: document, test or not, names of the values.
"""

from sandbox.formstack.mount import DOCUMENT, KEY, create

__all__ = ["DOCUMENT", "KEY", "create"]
