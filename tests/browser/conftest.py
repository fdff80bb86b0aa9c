"""These tests start the dashboard and a real browser: `make test-browser`; an ordinary run leaves them out."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("TEST_BROWSER") else ["test_*.py"]
