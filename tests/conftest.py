"""Fixtures live in ``tests/fixtures``, one file per matter; each adds its line here."""

pytest_plugins = [
    "tests.fixtures.sandbox",
    "tests.fixtures.databases",
    "tests.fixtures.redis_server",
    "tests.fixtures.hub",
    "tests.fixtures.browser",
    "tests.fixtures.descriptions",
]
