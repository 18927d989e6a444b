"""The door of base.action."""

from city1361.base.action.decorator import Outcome, Remembered, action, actions
from city1361.base.action.schema import StrictSchema
from city1361.base.action.submission import Submission, earlier, submission

__all__ = ["Outcome", "Remembered", "StrictSchema", "Submission", "action", "actions", "earlier", "submission"]
