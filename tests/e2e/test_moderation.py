"""The whole life of a suggestion, in a real browser: suggested, received, queued, decided, live, undone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.sending import each_time_it_comes_back
from tests.e2e.test_accessibility import RULES

PHONE = {"width": 390, "height": 844}
GROUP, OTHER_GROUP = "/groups/a-cup-for-the-carer/", "/groups/all-bets-are-tea/"


def tab_to(page, wanted):
    """Press Tab until something has the focus, as whoever has no mouse does."""
    for _each in range(400):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not get to {wanted}.")


def press(page, wanted, key="Enter"):
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_a_suggestion_lives_from_the_first_word_to_the_undo(browser, site, curator):
    # Somebody on a phone without JavaScript suggests three changes, and gets a receipt.
    phone = browser.new_context(java_script_enabled=False, viewport=PHONE)
    reader = phone.new_page()
    reader.goto(site + GROUP + "suggest/")
    reader.locator("summary", has_text="What is it?").click()
    reader.locator("summary", has_text="When is it, and where?").click()
    reader.get_by_label("Name of the group").fill("Two Cups for the Carer")
    reader.get_by_label("The group in one or two sentences").fill("A break, and two cups.")
    reader.locator("summary", has_text="Second and fourth Monday").click()
    reader.get_by_label("When does it start?").fill("09:15")
    reader.get_by_label("Anything else?").fill("I was there last week.")
    done = reader.get_by_role("heading", name="Thank you. We have got it")
    for _time in each_time_it_comes_back(reader, "Send it to a curator", until=done):
        expect(reader.get_by_label("Name of the group")).to_have_value("Two Cups for the Carer")
    expect(done).to_be_visible()
    receipt = reader.url
    expect(reader.locator("main")).to_contain_text("Two Cups for the Carer")
    reader.goto(site + GROUP)
    expect(reader.get_by_role("heading", level=1)).to_have_text("A Cup for the Carer")

    # A curator finds it in the queue and accepts two of the three, with the keyboard alone.
    desk = browser.new_context(storage_state=curator)
    page = desk.new_page()
    page.goto(f"{site}/admin/")
    press(page, page.locator("#user-tools").get_by_role("link", name="Queue"))
    press(page, page.get_by_role("link", name="A Cup for the Carer"))
    expect(page.locator("main")).to_contain_text("I was there last week.")
    fields = {name: page.get_by_role("group", name=name) for name in ("Name of the group", "sentences", "start?")}
    expect(fields["start?"]).to_contain_text("14:00")
    expect(fields["start?"]).to_contain_text("09:15")
    press(page, fields["Name of the group"].get_by_role("radio", name="Accept"), "Space")
    press(page, fields["sentences"].get_by_text("Change it before you accept it"))
    tab_to(page, fields["sentences"].get_by_role("textbox", name="The group in one or two sentences"))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("A break for both of you, and two cups.")
    press(page, fields["sentences"].get_by_role("radio", name="Accept"), "Space")
    # Once a choice is made, the arrows move it; before that, Tab reaches only the first.
    press(page, fields["start?"].get_by_role("radio", name="Accept"), "Space")
    page.keyboard.press("ArrowDown")
    expect(fields["start?"].get_by_role("radio", name="Refuse")).to_be_checked()
    tab_to(page, fields["start?"].get_by_role("textbox", name="Why"))
    page.keyboard.type("They told us that it is two o’clock.")
    tab_to(page, page.get_by_label("Start from a ready-made answer"))
    page.keyboard.type("Some of it")
    press(page, page.get_by_role("button", name="Put these words below"))
    expect(page.get_by_label("Your answer")).to_have_value(
        "Thank you. Some of what you sent is on the page now. We left"
        " the rest as it was. The page of your receipt says which, and why."
    )
    expect(fields["start?"].get_by_role("radio", name="Refuse")).to_be_checked()
    press(page, page.get_by_role("button", name="Decide as ticked"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(page.locator(".messagelist")).to_contain_text("A Cup for the Carer: Accepted in part")
    expect(page.locator(".queue")).not_to_contain_text("A Cup for the Carer")

    # It is live: two of three.
    reader.goto(site + GROUP)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Two Cups for the Carer")
    expect(reader.locator("main")).to_contain_text("A break for both of you, and two cups.")
    expect(reader.locator("main")).not_to_contain_text("9.15")
    reader.goto(receipt)
    said = reader.locator("main")
    expect(said).to_contain_text("Taken, with a change")
    expect(said).to_contain_text("Not taken: They told us that it is two o’clock.")
    expect(said).to_contain_text("Some of what you sent is on the page now.")

    # And it is undone.
    press(page, page.locator(".messagelist").get_by_role("link", name="A Cup for the Carer"))
    press(page, page.get_by_role("button", name="Undo: put all back as it was"))
    expect(page.locator(".messagelist")).to_contain_text("It is undone.")
    reader.goto(site + GROUP)
    expect(reader.get_by_role("heading", level=1)).to_have_text("A Cup for the Carer")
    expect(reader.locator("main")).to_contain_text("Both get a cup.")
    reader.goto(receipt)
    expect(reader.locator("main")).to_contain_text("has put the page back as it was since")
    phone.close()
    desk.close()


def test_no_rule_is_broken_in_the_queue_and_it_fits_a_phone(browser, site, curator):
    reader = browser.new_context()
    sent = reader.new_page()
    sent.goto(f"{site}{OTHER_GROUP}suggest/")
    sent.get_by_label("Anything else?").fill("The door is green now.")
    done = sent.get_by_role("heading", name="Thank you. We have got it")
    for _time in each_time_it_comes_back(sent, "Send it to a curator", until=done):
        expect(sent.get_by_label("Anything else?")).to_have_value("The door is green now.")
    reader.close()
    broken = []
    for width, theme in [(390, "dark"), (1280, "light")]:
        size = {"width": width, "height": 844}
        desk = browser.new_context(storage_state=curator, viewport=size, color_scheme=theme)
        page = desk.new_page()
        page.goto(f"{site}/admin/queue/?kind=correction")
        first = page.locator(".queue-title").first.get_attribute("href")
        for address in ("/admin/", "/admin/queue/", "/admin/queue/?show=decided", first):
            page.goto(site + address)
            # The frame is Django's own, which does not keep to all of the best practice.
            found = Axe().run(page, options={"runOnly": RULES["runOnly"][:5]}).response["violations"]
            broken += [(address, rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                broken.append((address, "runs off the page by", overflow))
        desk.close()
    assert broken == []
