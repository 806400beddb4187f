"""What ``pyproject.toml`` cannot say of our wheel: without the browser files it is not built."""

import importlib.util
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

_ASSETS = Path(__file__).resolve().parent / "shuqiao" / "web" / "assets.py"


class WithBrowserFiles(build_py):
    """Refuses when a file of ``assets.toml`` that is shipped is missing or another one."""

    def run(self) -> None:
        if not self.editable_mode:  # a checkout fetches them after that
            spec = importlib.util.spec_from_file_location("assets", _ASSETS)
            assert spec is not None and spec.loader is not None
            assets = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(assets)
            shipped = [file for file in assets.manifest() if file.shipped]
            if found := assets.problems(shipped):
                raise SystemExit(f"{found[0]}: run `python3 run.py setup` first")
        super().run()


setup(cmdclass={"build_py": WithBrowserFiles})
