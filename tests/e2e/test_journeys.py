"""What people come for, in a real browser, on a phone and on a large screen."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
LARGE = {"width": 1280, "height": 900}
# htmx comes when somebody first points at the results, or at a field; until then pages change as a whole.
HTMX_IS_THERE = "() => window.htmx ? true : new Promise((done) => addEventListener('htmx:load', () => done(true)))"


@pytest.mark.parametrize("size", [PHONE, LARGE], ids=["390", "1280"])
def test_someone_finds_a_group_from_the_first_page(page, site, size):
    page.set_viewport_size(size)
    page.goto(site)
    page.get_by_label("What is going on?").fill("worry")
    page.get_by_label("Where are you?").fill("Leeds")
    page.get_by_role("button", name="Find groups").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Leeds")
    page.get_by_role("link", name="Worry Less Tuesdays").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Worry Less Tuesdays")
    expect(page.locator("main")).to_contain_text("Every Tuesday")
    expect(page.locator("main")).to_contain_text("Sample")


def test_the_same_without_javascript_and_with_the_keyboard_alone(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the main part")
    page.keyboard.press("Enter")
    for _each in range(30):
        if page.locator(":focus").get_attribute("name") == "q":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("kettle")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="The Kettle Circle")).to_be_visible()
    context.close()


def test_a_place_that_is_not_known_is_told_beside_the_field_and_a_tap_mends_it(page, site):
    page.goto(f"{site}/groups/?near=Leedz")
    expect(page.get_by_role("link", name="We do not know this place. Did you mean one of these?")).to_be_visible()
    page.get_by_role("link", name="Leeds, West Yorkshire").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Leeds")


def test_a_filter_narrows_and_its_chip_takes_it_away(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    before = page.get_by_role("heading", level=1).inner_text()
    page.get_by_text("Narrow it down").click()
    page.get_by_text("How you meet", exact=True).click()
    page.get_by_label("By phone (").check()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    page.locator("main").get_by_role("link", name="By phone").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(before)


def test_a_filter_without_javascript_is_a_button(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/groups/")
    before = page.get_by_role("heading", level=1).inner_text()
    page.get_by_text("Narrow it down").click()
    page.get_by_text("How you meet", exact=True).click()
    page.get_by_label("By phone (").check()
    page.get_by_role("button", name="Show these").click()
    expect(page).to_have_url(f"{site}/groups/?format=telephone")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    context.close()


def test_help_is_one_tap_away_and_the_quick_way_out_is_a_link(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/topics/self-harm/")
    expect(page.get_by_role("link", name="Exit this page").first).to_have_attribute(
        "href", "https://www.bbc.co.uk/weather"
    )
    page.get_by_role("link", name="More help").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help now")
    expect(page.get_by_role("link", name="116 123").first).to_be_visible()


def test_the_rooms_lead_to_each_other(page, site):
    page.set_viewport_size(LARGE)
    page.goto(f"{site}/practitioners/roles/facilitator/")
    page.locator("main").get_by_role("link", name="Croydon").first.click()
    expect(page.locator("main")).to_contain_text("Not stated in the source")
    page.locator("main").get_by_role("link", name="Facilitator").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Facilitator")


def test_an_answer_that_comes_when_the_button_is_already_pressed_does_not_get_in_its_way(page, site):
    page.set_viewport_size(LARGE)
    page.goto(site)
    answers = []
    page.route("**/complete/*", lambda route: answers.append(route))
    with page.expect_request("**/complete/*"):
        page.get_by_label("What is going on?").fill("worry")
    page.get_by_label("Where are you?").fill("Leeds")
    page.get_by_role("button", name="Find groups").hover()
    page.mouse.down()
    with page.expect_response("**/complete/*") as answer:
        answers[0].continue_()
    answer.value.finished()
    page.mouse.up()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Leeds")


def test_a_place_is_completed_with_the_keyboard_and_announced(page, site):
    page.goto(f"{site}/groups/")
    field = page.get_by_label("Where are you?")
    field.press_sequentially("Rochd")
    option = page.get_by_role("option", name="Rochdale, Greater Manchester")
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Rochdale, Greater Manchester")
    expect(option).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Rochdale")


def test_results_change_in_place_and_the_count_is_said(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    page.evaluate("window.same = true")
    page.get_by_text("Narrow it down").click()
    assert page.evaluate(HTMX_IS_THERE)
    page.get_by_text("How you meet", exact=True).click()
    phone = page.get_by_label("By phone (")
    phone.check()
    expect(page).to_have_url(f"{site}/groups/?format=telephone")
    expect(phone).to_be_focused()
    heading = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_role("status").last).to_have_text(heading)
    assert page.evaluate("window.same")
    page.go_back()
    expect(page).to_have_url(f"{site}/groups/")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    assert page.evaluate("localStorage.length") == 0


def test_help_lines_are_few_and_said_once_when_they_appear(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    page.get_by_label("What is going on?").fill("i want to die")
    assert page.evaluate(HTMX_IS_THERE)
    page.keyboard.press("Enter")
    said = page.get_by_role("status").last
    expect(said).to_contain_text("You can talk to someone now. ")
    expect(page.locator(".crisis li")).to_have_count(4)
    expect(page.get_by_label("What is going on?")).to_be_focused()
    page.get_by_text("Narrow it down").click()
    page.get_by_text("How you meet", exact=True).click()
    page.get_by_label("Online (").check()
    expect(page.get_by_role("heading", level=1)).to_contain_text("online")
    expect(said).to_have_text(page.get_by_role("heading", level=1).inner_text())


def test_near_me_asks_the_browser_only_when_the_button_is_pressed(browser, site):
    context = browser.new_context(permissions=["geolocation"], geolocation={"latitude": 53.7997, "longitude": -1.5492})
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Use where I am").click()
    expect(page).to_have_url(f"{site}/groups/?near=53.80%2C+-1.55")
    expect(page.get_by_role("heading", level=1)).to_contain_text("near you (Leeds)")
    context.close()


@pytest.mark.parametrize(
    ("address", "button"),
    [
        ("/groups/add/", "Send it to a curator"),
        ("/groups/the-kettle-circle/report/", "Send it to the curators"),
        ("/practitioners/agreement/", "Show it as a page to print"),
    ],
)
def test_a_form_that_comes_back_leads_to_what_is_wrong(browser, site, address, button):
    # A page of its own: the browser notes an answer of 422 as an error on the console.
    page = browser.new_page()
    page.goto(site + address)
    page.get_by_role("button", name=button).last.click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(":focus")).to_have_role("alert")
    page.close()


def test_a_search_with_a_mistake_leads_to_it(page, site):
    page.goto(f"{site}/groups/?near=Leedz")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(":focus")).to_contain_text("We do not know this place.")
