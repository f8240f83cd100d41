"""The mentions that the law wants in a fee agreement, and whether an agreement says them.

The law is data (``law.toml``, dated); when each mention applies, and what it must print, are rules in Python
under the same ids.
"""

from domain.mentions.check import check, check_text
from domain.mentions.report import Clause, Line, Method, Report, Severity, Status, read

__all__ = ["Clause", "Line", "Method", "Report", "Severity", "Status", "check", "check_text", "read"]
