"""What must survive: the only SQL, the only truth.

Functions take an open ``Session`` (one transaction) and live in the file of what they keep:
``conventions``, ``steps``, ``inbox`` (callbacks), ``outbox`` (events and their listeners),
``documents``, ``journal``, ``keys``, ``claims``, ``figures``.
"""
