"""Operation of one year: a linear programme that touches the decisions over the years only through its links."""

from models.operation.build import add_account, add_hours, build_operation
from models.operation.links import Links

__all__ = ["Links", "add_account", "add_hours", "build_operation"]
