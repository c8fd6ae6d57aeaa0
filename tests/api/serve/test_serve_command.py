import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

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


def test_a_folder_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.command", "serve", str(tmp_path / "nowhere")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "nowhere is no folder" in done.stderr
    assert "Traceback" not in done.stderr
