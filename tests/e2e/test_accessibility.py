"""The rules that a machine can check, on every kind of page, in both themes and at both widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "/",
    "/groups/?near=Leeds&q=worry&day=funday",
    "/groups/?q=nothing-like-this",
    "/groups/?receiving=bridge-builder",
    "/groups/worry-less-tuesdays/",
    "/groups/worry-less-tuesdays/contact/",
    "/groups/add/",
    "/groups/worry-less-tuesdays/suggest/",
    "/practitioners/",
    "/practitioners/roles/",
    "/practitioners/?role=bridge-builder&role=co-educator&roles=all&near=Leeds",
    "/practitioners/priya-raman/",
    "/practitioners/priya-raman/suggest/",
    "/practitioners/roles/co-educator/",
    "/practitioners/role-finder/?answer=lost-room&answer=understand&near=Leeds",
    "/practitioners/role-finder/?path=practitioner&answer=help-talk&answer=an-hour",
    "/practitioners/working-together/",
    "/practitioners/agreement/?role=facilitator",
    "/practitioners/add/",
    "/practitioners/own/",
    "/practitioners/digest/",
    "/case-studies/?funding=pooled-budgets&sort=evaluation",
    "/case-studies/croydon-sun/",
    "/case-studies/compare/?c=gem&c=croydon-sun&c=nowhere",
    "/case-studies/compare/?c=gem",
    "/case-studies/",
    "/case-studies/gem/",
    "/case-studies/gem/ask/",
    "/case-studies/gem/suggest/",
    "/case-studies/add/",
    "/case-studies/add/link/",
    "/case-studies/building-health-partnerships/",
    "/topics/",
    "/topics/domestic-abuse/",
    "/search/?q=tea",
    "/search/?q=time+bank",
    "/search/?q=zzzz",
    "/learn/",
    "/learn/self-care/",
    "/learn/glossary/",
    "/help-now/",
    "/shortlist/",
    "/shortlist/?g=1-2-3",
    "/about/",
    "/privacy/",
    "/who-may-be-listed/",
    "/groups/own/",
    "/groups/worry-less-tuesdays/report/",
    "/accessibility/",
    "/admin/login/",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")], ids=["1280-light", "390-dark", "320-light"]
)
def test_no_rule_is_broken_and_nothing_runs_off_the_page(page, site, width, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    broken = []
    for address in PAGES:
        page.goto(site + address)
        rules = RULES if not address.startswith("/admin/") else {"runOnly": RULES["runOnly"][:5]}
        found = Axe().run(page, options=rules).response["violations"]
        broken += [(address, rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0 and not address.startswith("/admin/"):
            broken.append((address, "runs off the page by", overflow))
    assert broken == []
