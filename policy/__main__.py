"""Where the engine starts the policy pack; it holds no rules, the catalogue does."""

import sys
from pathlib import Path

# The engine starts a pack inside its own folder. In the repository the rooms it needs lie beside
# that folder, in a bundle within it.
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE if (HERE / "checks").is_dir() else HERE.parent))

from policy.pack import serve  # noqa: E402

serve()
