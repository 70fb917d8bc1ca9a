"""What an action would do to listings, told before it is done, in as many queries for a thousand of them as for one.

Each function returns, by primary key, `True` where the action would change something, `False` where all is so already,
and a `ValidationError` where it would be refused.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, Q

from directory.actions import wanted_slug
from directory.choices import PublicationState
from directory.models import FormerAddress


def publish(listings):
    """Foresee publishing."""
    waiting = [listing for listing in listings if not listing.is_published]
    return dict.fromkeys((listing.pk for listing in listings), False) | _publishing(waiting)


def archive(listings):
    """Foresee archiving."""
    return {listing.pk: listing.state != PublicationState.ARCHIVED for listing in listings}


def send_back(listings):
    """Foresee making drafts."""
    return {listing.pk: listing.state != PublicationState.DRAFT for listing in listings}


def confirm(listings):
    """Foresee confirming: it is always something new."""
    return {listing.pk: True for listing in listings}


def readdress(listings):
    """Foresee new addresses."""
    return {listing.pk: wanted_slug(listing) is not None for listing in listings}


def _publishing(listings):
    """Return what `full_clean` would say of each listing, were it published.

    The database holds every rule for a listing as it stands. So its values are checked, and only such rules of the
    database as speak of the state.
    """
    if not listings:
        return {}
    model = type(listings[0])
    links = [field.name for field in model._meta.fields if field.is_relation]
    owners = FormerAddress.objects.of(model).owners(listing.slug for listing in listings)
    rules = [(rule, _breaking(rule, listings)) for rule in model._meta.constraints if _speaks_of_state(rule)]
    found = {}
    for listing in listings:
        errors = {}
        try:
            listing.clean_fields(exclude=links)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if owners.get(listing.slug, listing.pk) != listing.pk:
            errors.setdefault("slug", []).append(FormerAddress.TAKEN)
        for rule, breaking in rules:
            if listing.pk in breaking:
                errors.setdefault(NON_FIELD_ERRORS, []).append(rule.get_violation_error_message())
        found[listing.pk] = ValidationError(errors) if errors else True
    return found


def _speaks_of_state(rule):
    return isinstance(rule, CheckConstraint) and any(name == "state" for name, _value in _leaves(rule.condition))


def _leaves(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from _leaves(child)
        else:
            yield child


def _breaking(rule, listings):
    """Return the primary keys of those of the listings that would break a rule, were they published."""
    pks = [listing.pk for listing in listings]
    rows = type(listings[0])._base_manager.filter(~_once_published(rule.condition), pk__in=pks)
    return set(rows.values_list("pk", flat=True))


def _once_published(condition):
    """Return the condition with what it says of the state made true or false, as it is for what is published."""
    same = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            same.children.append(_once_published(child))
        elif child[0] == "state":
            same.children.append(Q(pk__isnull=child[1] != PublicationState.PUBLISHED))
        else:
            same.children.append(child)
    return same
