"""Pango and fonts, which PDFs are shaped with."""

import os
import subprocess

import pytest

from bot.results.report.pdf import INSTALL

SCRIPTS = ("en", "ar", "am", "hi", "bn")
"""A language of each script that reports are written in."""


def pango() -> None:
    """Skip a test where a PDF cannot be made or its letters not shown, and say so; fail where it must not skip."""
    missing = _missing()
    if missing:
        reason = f"{missing}, so no PDF was looked at: {INSTALL}"
        if os.environ.get("HEARD_REQUIRE_FONTS"):
            pytest.fail(reason)
        pytest.skip(reason)


def _missing() -> str:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return "Pango is not installed"
    found = {
        language: subprocess.run(
            ["fc-list", f":lang={language}", "family"], capture_output=True, text=True, check=True
        ).stdout
        for language in SCRIPTS
    }
    without = [language for language, fonts in found.items() if not fonts.strip()]
    return f"There is no font for {', '.join(without)}" if without else ""
