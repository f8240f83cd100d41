"""The rehearsal: ten scenarios that a firm plays before it goes live (``flask --app app rehearse``).

They go through the hub's own parts (calls, steps, clock, converter, provider, archive) in one process, on a
database of their own that ends with them; what a firm keeps is the report.
"""
