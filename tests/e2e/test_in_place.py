"""Results and suggestions that come in place, where the network is slow or the reader goes back and forth."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_journeys import HTMX_IS_THERE, LARGE, PHONE


class Held:
    """Requests for an address, kept back until they are let go."""

    def __init__(self, page, address):
        self.routes, self.is_open = [], False
        page.route(address, self._keep)

    def _keep(self, route):
        if self.is_open:
            route.continue_()
        else:
            self.routes.append(route)

    def let_go(self):
        """Let go what was kept back, and all that comes after."""
        self.is_open = True
        for route in self.routes:
            route.continue_()


def unfold(page, name):
    """Open the fold with the choices of that name."""
    if page.viewport_size == PHONE:
        page.get_by_text("Narrow it down").click()
    page.locator(f"#id_{name} summary").click()


def ticked(page):
    """Return the values that are ticked among the choices to narrow the results."""
    return page.locator("#narrow input:checked").evaluate_all("boxes => boxes.map((box) => box.value)")


@pytest.mark.parametrize("size", [PHONE, LARGE], ids=["390", "1280"])
@pytest.mark.parametrize(("room", "name"), [("groups", "day"), ("practitioners", "role"), ("case-studies", "country")])
def test_back_and_forward_show_what_the_address_says_each_time(page, site, size, room, name):
    page.set_viewport_size(size)
    page.goto(f"{site}/{room}/")
    heading = page.get_by_role("heading", level=1)
    seen = [(page.url, heading.inner_text(), ticked(page))]
    unfold(page, name)
    assert page.evaluate(HTMX_IS_THERE)
    for number in range(2):
        box = page.locator(f"#id_{name} input").nth(number)
        box.check()
        expect(page).to_have_url(re.compile(f"{name}={box.get_attribute('value')}"))
        expect(page.get_by_role("status").last).to_have_text(heading.inner_text())
        seen.append((page.url, heading.inner_text(), ticked(page)))
    # Nobody points at the results from here on, so htmx is not there again.
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    for step, moments in ((page.go_back, seen[-2::-1]), (page.go_forward, seen[1:])):
        for address, words, values in moments:
            step()
            expect(page).to_have_url(address)
            expect(heading).to_have_text(words)
            assert ticked(page) == values


def test_back_pressed_twice_at_once(page, site):
    page.set_viewport_size(LARGE)
    page.goto(f"{site}/groups/")
    heading = page.get_by_role("heading", level=1)
    before = heading.inner_text()
    unfold(page, "day")
    assert page.evaluate(HTMX_IS_THERE)
    for number in range(2):
        box = page.locator("#id_day input").nth(number)
        box.check()
        expect(page).to_have_url(re.compile(box.get_attribute("value")))
    script = Held(page, "**/results*.js")
    with page.expect_request("**/results*.js"):
        page.evaluate("history.back()")
    page.evaluate("history.back()")
    expect(page).to_have_url(f"{site}/groups/")
    expect(heading).not_to_have_text(before)
    script.let_go()
    expect(heading).to_have_text(before)


def test_a_tick_that_is_faster_than_htmx_counts(page, site):
    page.set_viewport_size(PHONE)
    script = Held(page, "**/htmx*.js")
    page.goto(f"{site}/groups/")
    page.evaluate("window.same = true")
    with page.expect_request("**/htmx*.js"):
        unfold(page, "day")
    monday = page.locator("#id_day input").first
    monday.check()
    expect(page.get_by_text("One moment. We are still looking.")).to_be_visible()
    script.let_go()
    expect(page).to_have_url(re.compile("day="))
    expect(monday).to_be_checked()
    expect(page.get_by_role("status").last).to_have_text(page.get_by_role("heading", level=1).inner_text())
    assert page.evaluate("window.same")


def test_htmx_waits_until_the_page_is_whole(page, site):
    page.set_viewport_size(PHONE)
    drawing = Held(page, "**/drawings*.svg")
    page.goto(f"{site}/groups/", wait_until="domcontentloaded")
    unfold(page, "day")
    page.locator("#id_day input").first.check()
    drawing.let_go()
    expect(page).to_have_url(re.compile("day="))


def test_words_typed_while_results_load_stay(page, site):
    page.goto(f"{site}/groups/")
    words, place = page.get_by_label("What is going on?"), page.get_by_label("Where are you?")
    words.fill("panic")
    assert page.evaluate(HTMX_IS_THERE)
    answer = Held(page, "**/groups/?q=panic")
    with page.expect_request("**/groups/?q=panic"):
        page.keyboard.press("Enter")
    place.fill("Leeds")
    words.press("End")
    page.keyboard.type(" attacks at work")
    for _each in "work":
        page.keyboard.press("ArrowLeft")
    answer.let_go()
    expect(page).to_have_url(f"{site}/groups/?q=panic")
    expect(words).to_be_focused()
    page.keyboard.type("home")
    expect(words).to_have_value("panic attacks at homework")
    expect(place).to_have_value("Leeds")


def test_ticks_to_compare_outlive_another_order(page, site):
    page.set_viewport_size(LARGE)
    page.goto(f"{site}/case-studies/")
    boxes = page.locator("input[form=compare]")
    slugs = [boxes.nth(number).get_attribute("value") for number in (0, 2)]
    boxes.first.check()
    boxes.nth(2).check()
    assert page.evaluate(HTMX_IS_THERE)
    page.get_by_role("list", name="Order").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("sort="))
    chosen = page.locator("input[form=compare]:checked")
    assert sorted(chosen.evaluate_all("boxes => boxes.map((box) => box.value)")) == sorted(slugs)


def test_the_next_page_says_which_it_is(page, site):
    page.goto(f"{site}/groups/")
    heading = page.get_by_role("heading", level=1)
    first = heading.inner_text()
    page.get_by_label("What is going on?").hover()
    assert page.evaluate(HTMX_IS_THERE)
    page.get_by_role("link", name="Next page").click()
    expect(heading).to_have_text(f"{first}, page 2")
    expect(heading).to_be_focused()
    expect(page.get_by_role("status").last).to_have_text(f"{first}, page 2")
    expect(page).to_have_title(re.compile(f"{first}, page 2 "))


def test_words_typed_after_a_search_that_was_faster_than_htmx_stay(page, site):
    script = Held(page, "**/htmx*.js")
    page.goto(f"{site}/groups/")
    words = page.get_by_label("What is going on?")
    with page.expect_request("**/htmx*.js"):
        words.fill("panic")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One moment. We are still looking.")).to_be_visible()
    page.keyboard.type(" attacks")
    script.let_go()
    expect(page).to_have_url(re.compile(r"\?q=panic"))
    expect(words).to_have_value("panic attacks")
    expect(words).to_be_focused()


def test_a_second_press_need_not_wait_for_htmx(page, site):
    script = Held(page, "**/htmx*.js")
    page.goto(f"{site}/groups/")
    page.get_by_label("What is going on?").fill("panic")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One moment. We are still looking.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=panic"))
    script.let_go()


def test_words_that_were_taken_away_do_not_come_back(page, site):
    page.goto(f"{site}/groups/?q=panic")
    words = page.get_by_label("What is going on?")
    words.hover()
    assert page.evaluate(HTMX_IS_THERE)
    page.locator(".chips a").first.click()
    expect(page).to_have_url(f"{site}/groups/")
    expect(words).to_have_value("")


def test_a_long_wait_is_told_and_a_short_one_is_not(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    unfold(page, "day")
    assert page.evaluate(HTMX_IS_THERE)
    said = page.get_by_role("status").last
    answer = Held(page, "**/groups/?day=*")
    with page.expect_request("**/groups/?day=*"):
        page.locator("#id_day input").first.check()
    assert said.text_content() == ""
    expect(said).to_have_text("One moment. We are still looking.")
    expect(said).to_be_in_viewport(ratio=1)
    answer.let_go()
    expect(said).to_have_class("unseen")
    expect(said).to_have_text(page.get_by_role("heading", level=1).inner_text())


def test_escape_stops_suggestions_that_are_on_their_way(page, site):
    page.goto(site)
    answer = Held(page, "**/complete/*")
    field = page.get_by_label("Where are you?")
    with page.expect_request("**/complete/*"):
        field.press_sequentially("Rochdale, Gr")
    page.keyboard.press("Escape")
    with page.expect_response("**/complete/*") as response:
        answer.let_go()
    response.value.finished()
    # What the page does with an answer, it has done by then.
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("e")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("1 suggestion. Use the arrow keys.")).to_be_attached()
