"""The door of base.action."""

from city1361.base.action.decorator import Outcome, Remembered, action, actions
from city1361.base.action.schema import StrictSchema

__all__ = ["Outcome", "Remembered", "StrictSchema", "action", "actions"]
