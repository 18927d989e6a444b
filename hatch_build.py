"""Hatchling's hook: wheels and editable installs carry the built front end and the compiled catalogues.

`CITY1361_SKIP_FRONTEND=1` leaves the front end out: pages then show their content without styling.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatchling calls this before it collects the files of a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "sdist":
            return
        root = Path(self.root)
        # Run, not imported: an import would leave a compiled copy among the sources that the digest counts.
        build = runpy.run_path(str(root / "frontend" / "build.py"))
        build["compile_catalogues"](root)
        if os.environ.get(build["SKIP"]) == "1":
            self.app.display_warning(f"{build['SKIP']}=1: the front end is not built; pages will have no styling.")
            return
        self.app.display_waiting("Building the front end (about half a minute the first time) …")
        build["build_front_end"](root)
