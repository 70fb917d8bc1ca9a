"""The browser that tests drive. `python -m tests.e2e.browser` makes sure that there is one."""

import os
import shutil
import subprocess
import sys
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_PACKAGES = ("chromium", "fonts-liberation")
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@cache
def find_chromium():
    """Return the path of a Chromium that runs: CHROMIUM's, one on PATH or Playwright's own; else `None`."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if _runs(chosen) else None
    for path in filter(None, map(shutil.which, NAMES)):
        if _runs(path):  # which the stub that some systems put there does not
            return path
    # In a process of its own: Playwright can't be started inside of Playwright.
    asked = subprocess.run([sys.executable, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and _runs(path) else None


def install():
    """Install Chromium, by the system's packages where there are any, else by Playwright. Return what was said."""
    said = ""
    for command in _ways_to_install():
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = (done.stderr.strip() or done.stdout.strip()).rsplit("\n", 1)[-1]
        find_chromium.cache_clear()
        if find_chromium():
            break
    return said


def _ways_to_install():
    if shutil.which("apt-get"):
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not as_root or shutil.which("sudo"):
            yield [*as_root, "apt-get", "-qq", "update"]
            yield [*as_root, "apt-get", "-qq", "install", "-y", "--no-install-recommends", *APT_PACKAGES]
    with_libraries = ["--with-deps"] if sys.platform == "linux" and os.geteuid() == 0 else []
    yield [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]


def _runs(path):
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main():
    """Leave with a browser, or with one sentence that says why there is none."""
    if find_chromium():
        return
    if chosen := os.environ.get("CHROMIUM"):
        sys.exit(f"Error: CHROMIUM is {chosen}, which does not run.")
    print("Installing Chromium for the tests ...", flush=True)  # noqa: T201
    said = install()
    if not find_chromium():
        sys.exit(
            f"Error: no Chromium for the tests ({said or 'no reason given'}); install one, or name one in CHROMIUM."
        )


if __name__ == "__main__":
    main()
