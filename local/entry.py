"""`python -P local/entry.py MODULE ARGS...`: run a module of this checkout from any directory.

The engine starts its plugins in the user's project directory, through small scripts that may know
nothing but paths. Like `python -m MODULE`, without asking that the checkout be installed.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
