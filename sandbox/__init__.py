"""Local stand-ins of the outside systems, over real HTTP, in one process (``python -m sandbox``).

Nothing here imports the hub and nothing of the hub imports this: the connectors reach a stand-in
because the settings hold its URL. All that is made here is marked "BAC À SABLE, SANS VALEUR".
"""
