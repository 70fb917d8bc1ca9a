"""A real browser against a real server, with the reference content and the samples."""

import os
import socket
import subprocess
import sys
import time
from base64 import b32decode
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django_otp.oath import totp
from playwright.sync_api import expect
from psycopg import sql

from selfhelp.first_curator import first_curator_path
from tests.e2e.browser import find_chromium

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items):
    """Run all tests with a browser in one process, so that there is one browser."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = find_chromium()
    if path is None:
        pytest.fail("There is no Chromium on this machine: python -m tests.e2e.browser installs one.")
    return browser_type_launch_args | {
        "executable_path": path,
        "args": [
            "--no-sandbox",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def database():
    """The address of the site's own database."""
    name = f"browser_{os.getpid()}"
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield urlsplit(address)._replace(path=f"/{name}").geturl()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def site(tmp_path_factory, database):
    """The address of the whole site as `make run` serves it, with all its content, on a database of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = tmp_path_factory.mktemp("site") / "said.txt"
    environment = os.environ | {"PORT": str(port), "DATABASE_URL": database}
    with said.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 120
        while "Ctrl-C" not in said.read_text():
            assert server.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def curator(browser, site):
    """The state of a browser in which the first curator has made an account and taken both steps."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + first_curator_path())
    page.get_by_label("Username").fill("ada")
    for label in ("Password", "Password confirmation"):
        page.get_by_label(label, exact=True).fill("a cup of tea at four")
    page.get_by_role("button", name="Make the account").click()
    page.goto(f"{site}/admin/")
    if page.get_by_label("Password").is_visible():
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password").fill("a cup of tea at four")
        page.get_by_role("button").click()
    key = b32decode(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("The six digits that the app shows").fill(f"{totp(key):06}")
    page.get_by_role("button", name="Go on").click()
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Curators’ workplace")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(autouse=True)
def nothing_from_elsewhere(page, site):
    """Fail a test whose pages ask another host for anything, or write an error on the console."""
    strangers, errors = [], []
    page.on("request", lambda request: strangers.append(request.url) if not request.url.startswith(site) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield
    assert strangers == []
    assert errors == []
