"""`python -P rehearsal/entry.py MODULE ARGS...`: run a module of this checkout from any directory.

The engine starts its plugins in the user's project directory, through small scripts that may know
nothing but paths. Like `python -m MODULE`, without asking that the checkout be installed.

Bytecode goes into the checkout's own `.local/pycache`, also where the shell asks for none: without
it every run compiles the SDK's modules anew, which takes longer than all the rest.
"""

import os
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(root / ".local" / "pycache")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    sys.path.insert(0, str(root))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
