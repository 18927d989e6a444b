"""The decisions of this module: compile a process, plan a step, move an instance to another version. All pure."""

from __future__ import annotations

from city1361.platform.components.processes.compiling import compile_process, compile_processes
from city1361.platform.components.processes.definition import Compiled, Element, Flow
from city1361.platform.components.processes.moving.receiving import plan

__all__ = ["Compiled", "Element", "Flow", "compile_process", "compile_processes", "plan"]
