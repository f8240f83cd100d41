"""One process per way of rendering: a JSON line in (``template``, ``target``), a JSON line out."""
