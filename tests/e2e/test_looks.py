"""What a page looks like on a phone, on paper, and in the reader's own colours, where a rule can be told."""

from io import BytesIO

import pytest
from pypdf import PdfReader

PHONE = {"width": 390, "height": 844}


def test_the_doors_of_the_first_page_keep_their_words_beside_the_drawing_on_a_phone(page, site):
    page.set_viewport_size(PHONE)
    page.goto(site)
    edges = page.locator(".thirds > li").evaluate_all(
        "doors => doors.map(door => new Set([...door.children].slice(1).map(part => part.offsetLeft)).size)"
    )
    assert edges == [1, 1, 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_have_the_readers_own_colours_and_buttons_are_buttons(page, site, theme):
    page.emulate_media(forced_colors="active", color_scheme=theme)
    page.goto(f"{site}/groups/worry-less-tuesdays/")
    used = "(parts) => [...new Set(parts.map(part => getComputedStyle(part).color))]"
    text = page.locator("body").evaluate_all(used)
    assert page.locator("main svg.glyph, .name svg, main .known svg").evaluate_all(used) == text
    assert page.locator("main a:not(.button)").evaluate_all(used) != text
    behind = "part => getComputedStyle(part).backgroundColor"
    assert page.locator("a.button").first.evaluate(behind) == page.locator("body").evaluate(behind)


@pytest.mark.parametrize(
    "address",
    [
        "/groups/worry-less-tuesdays/",
        "/practitioners/role-finder/?answer=lost-room&near=Leeds",
        "/case-studies/compare/?c=gem&c=croydon-sun",
        "/practitioners/agreement/",
    ],
)
def test_paper_has_no_buttons_and_no_heading_with_nothing_under_it(page, site, address):
    page.goto(site + address)
    page.emulate_media(media="print")
    assert page.locator("main :is(button, .button)").filter(visible=True).all_inner_texts() == []
    said = page.locator("main .part").evaluate_all("parts => parts.map(part => part.innerText)")
    assert [words for words in said if len(list(filter(None, words.splitlines()))) == 1] == []


@pytest.mark.parametrize("address", ["/groups/the-kettle-circle/", "/groups/?q=panic", "/practitioners/"])
def test_no_sheet_of_paper_is_nearly_empty_or_ends_with_the_head_of_a_table(page, site, address):
    page.goto(site + address)
    for height in range(200, 300, 8):
        printed = PdfReader(BytesIO(page.pdf(width="210mm", height=f"{height}mm"))).pages
        sheets = [sheet.extract_text().split() for sheet in printed]
        assert len(sheets[-1]) > 30, f"{height} mm"
        assert [sheet for sheet in sheets if sheet[-2:] == ["When", "Where"]] == [], f"{height} mm"


def test_a_long_note_in_the_table_of_a_chart_has_its_whole_width(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/case-studies/gem/")
    wide = "parts => parts.map(part => part.getBoundingClientRect().width)"
    notes = page.locator(".chart table .note").evaluate_all(wide)
    assert notes
    assert min(notes) > min(page.locator(".chart table").evaluate_all(wide)) - 20


def test_no_word_touches_the_rule_below_it(page, site):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/case-studies/")
    room = """parts => parts.map(part => {
        const words = document.createRange();
        words.selectNodeContents(part);
        return part.getBoundingClientRect().bottom - words.getBoundingClientRect().bottom;
    })"""
    assert min(page.locator("#narrow details > summary").evaluate_all(room)) > 4
    above, rule = (page.locator(name).bounding_box() for name in ("form.compare", "nav.pages"))
    assert rule["y"] - above["y"] - above["height"] > 8


@pytest.mark.parametrize("address", ["/groups/add/", "/practitioners/role-finder/?answer=lost-room"])
def test_folds_in_forms_have_the_chevron_of_the_results_and_no_triangle(page, site, address):
    looks = "parts => [...new Set(parts.map(part => getComputedStyle(part).display))]"
    page.goto(f"{site}/groups/")
    as_in_results = page.locator(".folds summary").filter(visible=True).evaluate_all(looks)
    page.goto(site + address)
    assert page.locator("main summary").evaluate_all(looks) == as_in_results


def test_no_line_of_tags_ends_with_a_dot_on_a_phone(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/practitioners/")
    tags = page.locator(".tags li")
    assert set(tags.evaluate_all("tags => tags.map(tag => getComputedStyle(tag, '::after').content)")) == {"none"}
    # The dot stands before each tag: before the first of a line it is outside of the list, which shows nothing there.
    assert set(page.locator(".tags").evaluate_all("lists => lists.map(e => getComputedStyle(e).overflowX)")) == {"clip"}
