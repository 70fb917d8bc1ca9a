"""No page of the admin makes more queries with a thousand rows of everything than with ten."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection, models
from django.urls import reverse

from casestudies.models import CaseStudy
from directory import keeping
from directory.admin.bulk import MOST_AT_ONCE
from directory.models import Act, Change, DuplicatePair, Suggestion, SupportArea, SupportRole
from groups.models import Group, Venue
from practitioners.models import FinderQuestion, Practitioner
from tests.factories import SuggestionFactory
from tests.pages import statements
from tests.selfhelp.test_admin import MAKE, address

pytestmark = pytest.mark.django_db

# The five roles and the four areas of support, which one page shows as a table.
FEW, MOST_OF_THE_FEW = (SupportRole, SupportArea), 10
# Their copies are there before those of what belongs to them.
BELONG_TO = (Group, Venue, CaseStudy, FinderQuestion, User)
LISTINGS = [Group, Practitioner, CaseStudy]
TABLES = [model for model, model_admin in admin.site._registry.items() if hasattr(model_admin, "table")]


def copies(one, numbers, made):
    """Make copies of a row in one statement. What has to be unique differs; each points at copies of its own."""
    model = type(one)
    unique = {field.name for field in model._meta.concrete_fields if field.unique and not field.is_relation}
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            plain = [name for name in rule.fields if not model._meta.get_field(name).is_relation]
            unique.add(plain[-1]) if plain else None
    columns = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    rows = []
    for place, number in enumerate(numbers):
        values = {}
        for field in columns:
            value = getattr(one, field.attname)
            if field.is_relation and value and place < len(made.get(field.related_model, ())):
                value = made[field.related_model][place].pk
            values[field.attname] = another(field, value, number) if field.name in unique else value
        rows.append(model(**values))
    return model._base_manager.bulk_create(rows)


def another(field, value, number):
    """Return a value like one that there is, and like no other."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateField):
        return value and value + timedelta(days=number)
    if isinstance(value, int):
        return value + number
    letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
    return value and f"{value[: (field.max_length or 50) - 5]}{letters}"


def fill(things, numbers):
    """Make so many more of each thing."""
    made = {}
    for one in sorted(things, key=lambda one: not isinstance(one, BELONG_TO)):
        if isinstance(one, FEW) and numbers[0] >= MOST_OF_THE_FEW:
            continue
        made[type(one)] = copies(one, numbers, made)
        if isinstance(one, Act):
            change = Change.objects.filter(act=one).latest("pk")
            Change.objects.bulk_create(
                Change(act=act, **{name: getattr(change, name) for name in CHANGED}, row_id=change.row_id)
                for act in made[Act]
            )
    with connection.cursor() as cursor:
        # As autovacuum does within a minute: before, PostgreSQL takes these tables for empty.
        cursor.execute("ANALYZE")


CHANGED = ("subject_table", "subject_id", "table", "before", "after")


def pages_of(things):
    """Return what to ask: (address, nothing; or a model and what is done to all of it)."""
    pages = [(reverse("admin:index"), None), (reverse("admin:find") + "?q=e", None), (reverse("admin:queue"), None)]
    pages += [(reverse("admin:practitioners_overview"), None)]
    for one in things:
        model = type(one)
        if model not in MAKE:
            continue
        pages += [(address(model, "changelist"), None)]
        pages += [(address(model, page, one.pk), None) for page in ("change", "history")]
    pages += [(address(model, page), None) for model in TABLES for page in ("import", "export")]
    suggestion = next(one for one in things if isinstance(one, Suggestion))
    pages.append((reverse("admin:suggestion", args=[suggestion.pk]), None))
    for model in LISTINGS:
        names = admin.site._registry[model].acts
        pages += [(address(model, "changelist"), (model, name)) for name in names]
    return pages


def queries_of(client, page, action):
    """Return the statements that a page makes."""
    keeping.forget()
    sent = None
    if action:
        model, name = action
        sent = {"action": name, "_selected_action": model.objects.values_list("pk", flat=True)[:MOST_AT_ONCE]}
    with statements() as asked:
        response = client.get(page, follow=True) if sent is None else client.post(page, sent)
    assert response.status_code == 200, (page, action)
    return [re.sub(r"\d+", "n", statement) for statement in asked]


def test_no_page_makes_more_queries_with_a_thousand_rows_than_with_ten(admin_client):
    # A pair first: so that those whom its copies name are there.
    things = [MAKE[DuplicatePair]()]
    things += [make() for model, make in MAKE.items() if model is not DuplicatePair]
    things += [SuggestionFactory(listing=Group.objects.latest("pk"), values={"summary": "Tea"})]
    fill(things, range(1, 10))
    pages = pages_of(things)
    few = [queries_of(admin_client, *page) for page in pages]
    fill(things, range(10, 1000))
    assert Group.objects.count() >= 1000
    many = [queries_of(admin_client, *page) for page in pages]
    more = [
        (page, len(after) - len(before), [sql for sql in after if sql not in before][:2])
        for page, before, after in zip(pages, few, many, strict=True)
        if len(after) > len(before)
    ]
    assert more == []
