"""Shares Chromium with the tests of the session's page."""

from tests.page.conftest import browser

__all__ = ["browser"]
