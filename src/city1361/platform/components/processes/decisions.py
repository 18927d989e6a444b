"""The decisions of this module: compile a process, plan a step, move an instance to another version. All pure."""

from __future__ import annotations

from city1361.platform.components.processes.compiling import compile_process, compile_processes
from city1361.platform.components.processes.definition import Compiled, Element, Flow
from city1361.platform.components.processes.dmn.loading import load_table
from city1361.platform.components.processes.migrating import Migration, Moved, migrate
from city1361.platform.components.processes.moving.receiving import plan
from city1361.platform.components.processes.outlining import Line, Way, outline

__all__ = [
    "Compiled",
    "Element",
    "Flow",
    "Line",
    "Migration",
    "Moved",
    "Way",
    "compile_process",
    "compile_processes",
    "load_table",
    "migrate",
    "outline",
    "plan",
]
