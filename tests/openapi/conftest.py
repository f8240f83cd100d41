"""The application whose document and answers are held against each other."""

from tests.pages.conftest import application

__all__ = ["application"]
