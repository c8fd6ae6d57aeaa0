import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from .conftest import CALLER


def test_the_command_serves_a_directory_until_it_is_told_to_stop(folder: Path) -> None:
    command = [sys.executable, "-m", "api.command", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+", line)))
            request = urllib.request.Request(
                f"{address}/v1/matches",
                json.dumps({"caller": CALLER}).encode(),
                {"content-type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                found = json.load(answer)
        finally:
            process.send_signal(signal.SIGTERM)
            said = process.stderr.read()
    assert found["simulated"] is True
    assert found["matches"]
    assert "POST /v1/matches 200" in said
    assert CALLER["zip"] not in said


@pytest.mark.parametrize(
    ("secret", "said"), [("", "MATCHER_SECRET is not set; "), ("short", "MATCHER_SECRET cannot be used: ")]
)
def test_without_a_secret_no_ledger_is_served(tmp_path: Path, secret: str, said: str) -> None:
    settings = os.environ | {"MATCHER_SECRET": secret, "MATCHER_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}
    command = [sys.executable, "-m", "api.command", "serve", "--port", "0"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert said in done.stderr
    assert "`matcher store secret` makes one" in done.stderr


def test_a_setting_that_cannot_be_used_is_told_in_one_sentence() -> None:
    command = [sys.executable, "-m", "api.command", "serve", "--port", "0"]
    settings = os.environ | {"MATCHER_TRUSTED_PROXIES": "*"}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "MATCHER_TRUSTED_PROXIES: Value error, * is no network; allowed: as 10.0.0.7" in done.stderr


def test_a_folder_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.command", "serve", str(tmp_path / "nowhere")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "nowhere is no folder" in done.stderr
    assert "Traceback" not in done.stderr
