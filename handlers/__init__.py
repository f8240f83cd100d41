"""One blueprint per kind of caller. A handler checks, writes and answers; the workers act."""
