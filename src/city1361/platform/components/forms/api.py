"""The door of the forms."""

from city1361.platform.components.forms.answering import Answer, Form, form, form_of, forms_in_force
from city1361.platform.components.forms.declarations import form_key
from city1361.platform.components.forms.definition import FieldEntry, FormDeclaration
from city1361.platform.components.forms.fields import AnswerFields
from city1361.platform.components.forms.terms import PREFIX, FieldKind

__all__ = [
    "PREFIX",
    "Answer",
    "AnswerFields",
    "FieldEntry",
    "FieldKind",
    "Form",
    "FormDeclaration",
    "form",
    "form_key",
    "form_of",
    "forms_in_force",
]
