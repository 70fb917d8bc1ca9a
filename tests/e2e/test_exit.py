"""Leaving a page at once, as someone would who hears a key in the door."""

import pytest
from playwright.sync_api import expect

AWAY = "https://www.bbc.co.uk/weather"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def visitor(browser, site):
    """A page of its own, on which the one place elsewhere is answered without going there."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(viewport=PHONE, **options)
        context.route(AWAY, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/topics/")
        page.goto(f"{site}/topics/domestic-abuse/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def expect_left(page, site):
    page.wait_for_url(AWAY)
    page.go_back()
    expect(page).to_have_url(f"{site}/topics/")


def test_the_button_leaves_and_the_page_is_out_of_the_history(visitor, site):
    page = visitor()
    page.get_by_role("link", name="Exit this page").click()
    expect_left(page, site)


def test_the_link_at_the_top_of_each_page_does_the_same(visitor, site):
    page = visitor()
    page.get_by_role("link", name="Leave this site quickly").click()
    expect_left(page, site)


def test_three_times_shift_leaves_and_each_press_is_announced(visitor, site):
    page = visitor()
    said = page.locator("main").get_by_role("status")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Shift: press 2 more times to exit.")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Shift: press once more to exit.")
    page.keyboard.press("Shift")
    expect_left(page, site)


def test_capital_letters_and_other_keys_are_no_wish_to_leave(visitor, site):
    page = visitor()
    said = page.locator("main").get_by_role("status")
    for _each in range(4):
        page.keyboard.press("Shift+KeyA")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("Tab")
    expect(said).to_be_empty()
    page.keyboard.press("Shift")
    expect(said).to_have_text("Shift: press 2 more times to exit.")
    expect(page).to_have_url(f"{site}/topics/domestic-abuse/")


def test_presses_that_stop_are_forgotten(visitor, site):
    page = visitor()
    page.clock.install()
    said = page.locator("main").get_by_role("status")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.run_for(5100)
    expect(said).to_have_text("Exit this page: cancelled.")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Shift: press 2 more times to exit.")


def test_the_page_is_blank_before_the_other_one_has_come(visitor, site):
    page = visitor()
    left = page.evaluate(
        """() => {
            document.querySelector(".exit a").click();
            return document.body.textContent + document.title.trim();
        }"""
    )
    assert left == ""
    expect_left(page, site)


def test_without_javascript_it_is_a_link(visitor):
    page = visitor(java_script_enabled=False)
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(AWAY)


def test_where_nothing_is_sensitive_shift_is_only_shift(visitor, site):
    page = visitor()
    page.goto(f"{site}/learn/")
    for _each in range(3):
        page.keyboard.press("Shift")
    expect(page).to_have_url(f"{site}/learn/")


def test_the_script_is_small(page, site):
    page.goto(site)
    source = page.locator("script[src*='/site.']").get_attribute("src")
    assert len(page.request.get(site + source).body()) < 5 * 1024


def test_help_now_is_one_tap_away_on_a_phone(visitor, site):
    page = visitor()
    for address in ["/", "/groups/", "/groups/worry-less-tuesdays/", "/shortlist/", "/case-studies/gem/", "/nowhere/"]:
        page.goto(site + address)
        link = page.get_by_role("link", name="More help").first
        expect(link).to_be_in_viewport()
        assert link.bounding_box()["height"] >= 44
        link.click()
        expect(page).to_have_url(f"{site}/help-now/")
