"""A list to take along: found, added, put in order, written on, printed, sent and emptied, on a phone."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(browser, site, request):
    context = browser.new_context(viewport=PHONE, java_script_enabled=getattr(request, "param", True))
    yield context.new_page()
    context.close()


def add_groups(page, site, count, address="/groups/?near=Leeds"):
    page.goto(site + address)
    for number in range(1, count + 1):
        page.get_by_role("button", name="Add to my list").first.click()
        expect(page.get_by_role("link", name=f"My list ({number})")).to_be_visible()


def text_of_print(page):
    """Return the pages of the page on A4 paper, as text."""
    return [each.extract_text() for each in PdfReader(BytesIO(page.pdf(format="A4"))).pages]


@pytest.mark.parametrize("phone", [True, False], indirect=True, ids=["script", "no-script"])
def test_from_a_group_to_paper_and_to_an_empty_list(phone, site):
    page = phone
    page.goto(f"{site}/groups/?q=worry&near=Leeds")
    page.get_by_role("link", name="Worry Less Tuesdays").click()
    assert page.context.cookies() == []
    page.get_by_role("button", name="Add to my list (Worry Less Tuesdays)").click()
    expect(page.get_by_text("It is on your list.")).to_be_in_viewport()
    page.get_by_role("link", name="My list (1)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your list")
    page.get_by_label("A note at the top").fill("For Sam, from Priya.\nRing me on Friday.")
    page.get_by_label("Your note (Worry Less Tuesdays)").fill("Ask for Jo at the door.")
    printed = "\n".join(text_of_print(page))
    for said in [
        "Worry Less Tuesdays",
        "For Sam, from Priya.",
        "Ring me on Friday.",
        "Ask for Jo",
        "116 123",
        "Made on",
    ]:
        assert said in printed
    for unsaid in ["Move up", "Empty", "Address to copy", "Notes are for the paper"]:
        assert unsaid not in printed
    page.get_by_role("button", name="Empty my list").click()
    expect(page.get_by_text("There is nothing on your list yet.")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("phone", [True, False], indirect=True, ids=["script", "no-script"])
def test_five_groups_with_notes_fit_two_sheets_and_no_note_leaves_the_page(phone, site):
    page = phone
    sent = []
    page.on("request", lambda request: sent.append((request.url, request.post_data)))
    add_groups(page, site, 5)
    page.get_by_role("link", name="My list (5)").click()
    expect(page.locator("main ol > li h2")).to_have_count(5)
    page.get_by_label("A note at the top").fill("A private word")
    for note in page.get_by_label("Your note (").all():
        note.fill("A private word for this one")
    pages = text_of_print(page)
    assert len(pages) == 2
    assert "\n".join(pages).count("A private word") == 6
    page.get_by_role("button", name="Move down").first.click()
    expect(page.get_by_label("A note at the top")).to_have_value("")
    assert "private" not in str(sent)


def test_notes_that_nobody_wrote_leave_no_gap_on_paper(phone, site):
    add_groups(phone, site, 1)
    phone.goto(f"{site}/shortlist/")
    assert "note" not in "\n".join(text_of_print(phone)).casefold()


def test_order_changes_and_a_link_gives_the_list_to_someone_else(phone, site, browser):
    page = phone
    add_groups(page, site, 3)
    page.goto(f"{site}/shortlist/")
    names = page.locator("main ol > li h2 a").all_inner_texts()
    page.get_by_role("button", name=f"Move up ({names[2]})").click()
    expect(page.locator("main ol > li h2 a")).to_have_text([names[0], names[2], names[1]])
    expect(page.locator(":focus")).to_contain_text(names[2])
    address = page.get_by_label("Address to copy").input_value()
    someone = browser.new_context(viewport=PHONE)
    theirs = someone.new_page()
    theirs.goto(address)
    expect(theirs.locator("main ol > li h2 a")).to_have_text([names[0], names[2], names[1]])
    assert someone.cookies() == []
    theirs.get_by_role("button", name="Keep this list").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Your list")
    expect(theirs.get_by_role("link", name="My list (3)")).to_be_visible()
    someone.close()


@pytest.mark.parametrize("phone", [True, False], indirect=True, ids=["script", "no-script"])
def test_taking_a_group_off_keeps_the_place(phone, site):
    add_groups(phone, site, 3)
    phone.goto(f"{site}/shortlist/")
    names = phone.locator("main ol > li h2 a").all_inner_texts()
    phone.get_by_role("button", name=f"Take it off ({names[1]})").click()
    expect(phone.locator("main ol > li h2 a")).to_have_text([names[0], names[2]])
    expect(phone.locator(":focus")).to_contain_text(names[2])
    expect(phone.locator(":focus")).to_be_in_viewport()


def test_with_the_keyboard_alone(phone, site):
    page = phone

    def tab_to(name):
        for _each in range(120):
            page.keyboard.press("Tab")
            if name in (page.locator(":focus").text_content() or ""):
                return
        pytest.fail(f"No way to {name} with the keyboard")

    page.goto(f"{site}/groups/?q=kettle")
    tab_to("Add to my list")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_contain_text("It is on your list.")
    tab_to("Take it off")
    page.goto(f"{site}/shortlist/")
    tab_to("Print")
    page.keyboard.press("Tab")
    page.keyboard.type("Bring a cup")
    expect(page.get_by_label("A note at the top")).to_have_value("Bring a cup")
    tab_to("Empty my list")
    page.keyboard.press("Space")
    expect(page.get_by_text("There is nothing on your list yet.")).to_be_visible()
