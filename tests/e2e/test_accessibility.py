"""The rules that a machine can check, on every kind of page, in both themes and at both widths."""

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casestudies.models import Submission
from casestudies.submitting import token_of
from casestudies.template_forms import DRAFT_PARTS
from groups.links import own_path
from groups.models import Group
from practitioners.links import confirm_path, stop_path
from practitioners.links import own_path as practitioner_path
from practitioners.models import DigestSubscription, Practitioner

PAGES = [
    "/",
    "/groups/?near=Leeds&q=worry&day=funday",
    "/groups/?q=nothing-like-this",
    "/groups/?receiving=bridge-builder",
    "/groups/?near=Leeds&view=week",
    "/groups/worry-less-tuesdays/",
    "/groups/worry-less-tuesdays/contact/",
    "/groups/add/",
    "/groups/worry-less-tuesdays/suggest/",
    "/practitioners/",
    "/practitioners/roles/",
    "/practitioners/?role=bridge-builder&role=co-educator&roles=all&near=Leeds",
    "/practitioners/priya-raman/",
    "/practitioners/priya-raman/suggest/",
    "/practitioners/priya-raman/contact/",
    "/practitioners/priya-raman/report/",
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
    "/search/",
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
# The frame of the admin is Django's own, which does not keep to all of the best practice.
ADMIN_RULES = {"runOnly": RULES["runOnly"][:5]}
VIOLATIONS = {"resultTypes": ["violations"]}
VIEWS = [(1280, "light"), (390, "dark"), (320, "light")]
# Forms that are sent as they stand: the page that comes back, and its button.
EMPTY = {
    "/groups/add/": "Send it to a curator",
    "/groups/own/": "Send me the link",
    "/groups/worry-less-tuesdays/contact/": "Send the message",
    "/groups/worry-less-tuesdays/report/": "Send it to the curators",
    "/groups/worry-less-tuesdays/suggest/": "Send it to a curator",
    "/practitioners/add/": "Send me the link",
    "/practitioners/agreement/": "Show it as a page to print",
    "/practitioners/digest/": "Send me the link",
    "/case-studies/add/": "Send me the link",
    "/case-studies/gem/ask/": "Send it",
}


@pytest.fixture
def walker(browser):
    """A page that has the checker from the start, and whose colours change at once and not by degrees."""
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(Axe().axe_script)
    yield context.new_page()
    context.close()


def what_is_broken(page, address, rules=RULES):
    """Return what breaks a rule or runs off the page that is shown, in each view."""
    broken = []
    for width, theme in VIEWS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate("rules => axe.run(rules).then(found => found.violations)", VIOLATIONS | rules)
        broken += [(address, width, theme, rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0 and rules is RULES:
            broken.append((address, width, theme, "runs off the page by", overflow))
    return broken


def test_no_rule_is_broken_and_nothing_runs_off_the_page(walker, site):
    broken = []
    for address in PAGES:
        assert walker.goto(site + address).status == 200, address
        broken += what_is_broken(walker, address, ADMIN_RULES if address.startswith("/admin/") else RULES)
    assert broken == []


def test_no_rule_is_broken_where_something_is_wrong_or_missing(walker, site):
    broken = []
    for address, status in {"/nowhere/": 404, "/groups/confirm/token/": 410}.items():
        assert walker.goto(site + address).status == status
        broken += what_is_broken(walker, address)
    for address, button in EMPTY.items():
        walker.goto(site + address)
        walker.get_by_role("button", name=button).click()
        expect(walker.get_by_role("alert")).to_be_visible()
        broken += what_is_broken(walker, f"{address}, sent empty")
    assert broken == []


def test_no_rule_is_broken_behind_a_link_and_all_folds_may_be_open(walker, site, database):
    with psycopg.connect(database, autocommit=True) as connection:

        def first(query):
            return connection.execute(query).fetchone()

        group, email = first("SELECT group_id, value FROM groups_groupcontact WHERE kind = 'email' LIMIT 1")
        (practitioner,) = first(
            "UPDATE practitioners_practitioner SET own_email = 'p@example.org' WHERE slug = 'priya-raman' RETURNING id"
        )
        (draft,) = first(
            "INSERT INTO casestudies_submission (uuid, email, answers, created_at, touched_at, saved)"
            """ VALUES (gen_random_uuid(), 'w@example.org', '{"name": "A walk"}', now(), now(), false) RETURNING uuid"""
        )
        (letters,) = first(
            "INSERT INTO practitioners_digestsubscription (email, created_at)"
            " VALUES ('d@example.org', now()) RETURNING id"
        )
    group_page, draft_page = own_path(Group(pk=group), email), f"/case-studies/add/{token_of(Submission(uuid=draft))}/"
    broken = []
    for address in (
        group_page,
        f"{group_page}change/",
        practitioner_path(Practitioner(pk=practitioner, own_email="p@example.org")),
        confirm_path(DigestSubscription(pk=letters)),
        stop_path(DigestSubscription(pk=letters)),
        draft_page,
        *(f"{draft_page}{part}/" for part in DRAFT_PARTS),
    ):
        assert walker.goto(site + address).status == 200, address
        walker.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
        broken += what_is_broken(walker, address)
    assert broken == []
