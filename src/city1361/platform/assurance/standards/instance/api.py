"""The door of the instance folder."""

from city1361.platform.assurance.standards.instance.actions import LoadReport, SectionReport, instance_load
from city1361.platform.assurance.standards.instance.declared import BrokenInstance, check, declaration
from city1361.platform.assurance.standards.instance.progress import listening, report
from city1361.platform.assurance.standards.instance.reading import Folder, Mapping, Row, Sequence
from city1361.platform.assurance.standards.instance.terms import Declaration, InstanceDeclaration, Permission

__all__ = [
    "BrokenInstance",
    "Declaration",
    "Folder",
    "InstanceDeclaration",
    "LoadReport",
    "Mapping",
    "Permission",
    "Row",
    "SectionReport",
    "Sequence",
    "check",
    "declaration",
    "instance_load",
    "listening",
    "report",
]
