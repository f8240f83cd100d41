"""A mail server that keeps what it is given and sends nothing anywhere: SMTP on the port after the sandbox's
own, in clear and without a password, for a hub on the same machine.

* ``GET   _control/messages`` what came, oldest first: from, to, subject, text, headers;
* ``PATCH _control/settings`` ``{"refusal": "451 later"}`` is what the next mails are answered, "" takes them;
* ``GET   /`` the same, for the eyes of a person.
"""

from sandbox.mail.mount import create

__all__ = ["create"]
