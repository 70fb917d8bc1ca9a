"""A message to a group, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.sending import each_time_it_comes_back


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_someone_writes_to_a_group(browser, site, script):
    context = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/groups/worry-less-tuesdays/")
    assert context.cookies() == []
    page.get_by_role("link", name="Send a message").click()
    expect(page.get_by_label("Leave this empty")).to_be_hidden()
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("alert")).to_contain_text("Type your email address")
    page.get_by_role("link", name="Type a message.").click()
    assert page.url.endswith("#id_message")
    page.get_by_role("textbox", name="Your message").fill("May I come on Tuesday?")
    page.get_by_label("Your email address").fill("ada@example.com")
    done = page.get_by_role("heading", name="Your message is kept here, and not sent")
    for _time in each_time_it_comes_back(page, "Send the message", until=done):
        expect(page.get_by_role("textbox", name="Your message")).to_have_value("May I come on Tuesday?")
    expect(done).to_be_visible()
    context.close()
