"""The rules of a fee agreement's life: pure functions and plain data.

No I/O, no Flask, no SQL, no clock: time is passed in as ``now``.
"""
