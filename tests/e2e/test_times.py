"""The clock of a reader who is somewhere else."""

import pytest
from playwright.sync_api import expect

ONLINE, IN_A_ROOM = "/groups/panic-and-us/", "/groups/the-kettle-circle/"


@pytest.fixture
def in_zone(browser, site):
    contexts = []

    def open_page(zone, path, **options):
        contexts.append(browser.new_context(timezone_id=zone, locale="en-GB", **options))
        page = contexts[-1].new_page()
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_reader_elsewhere_sees_both_times_of_an_online_meeting(in_zone):
    # India never changes its clock, and is five and a half or four and a half hours ahead: half an hour, in any case.
    when = in_zone("Asia/Kolkata", ONLINE).locator("#when ~ div table td").first
    expect(when).to_contain_text("7.30\N{NO-BREAK SPACE}pm to 8.30\N{NO-BREAK SPACE}pm, UK time")
    expect(when).to_contain_text("(where you are: Thursday 1 am)")


def test_a_reader_by_the_same_clock_sees_one(in_zone):
    expect(in_zone("Europe/London", ONLINE).locator("main")).not_to_contain_text("where you are")


def test_a_meeting_in_a_room_has_one_time_only(in_zone):
    expect(in_zone("Asia/Kolkata", IN_A_ROOM).locator("main")).not_to_contain_text("where you are")


def test_without_javascript_the_page_says_whose_time_it_is(in_zone):
    main = in_zone("Asia/Kolkata", ONLINE, java_script_enabled=False).locator("main")
    expect(main).to_contain_text("UK time")
    expect(main).not_to_contain_text("where you are")
