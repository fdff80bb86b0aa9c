"""These tests start real clusters: `make test-cluster` runs them, an ordinary test run leaves them out."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("TEST_CLUSTER") else ["test_*.py"]
