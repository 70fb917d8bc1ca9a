"""The way in for the first curator: an address that works for a day, and only while there is no curator."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UserCreationForm
from django.db import connection, transaction
from django.urls import reverse

from directory.links import make_key, read_key

VALID_FOR = timedelta(days=1)
_SALT = "selfhelp.first_curator"


class FirstCuratorForm(UserCreationForm):
    """A name and a password, typed twice, for the account that may do everything."""

    use_required_attribute = False

    class Meta(UserCreationForm.Meta):
        model = get_user_model()


def first_curator_path():
    """Return a fresh path, which needs no row in the database."""
    return reverse("first_curator", args=[make_key("curator", _SALT)])


def is_wanted():
    """Whether there is no curator yet who may do everything."""
    return not get_user_model().objects.filter(is_superuser=True).exists()


def may_enter(token):
    """Whether the token is ours, not older than a day, and nobody was first."""
    return read_key(token, _SALT, VALID_FOR) is not None and is_wanted()


@transaction.atomic
def make_first_curator(form):
    """Return the new account, or `None` where somebody else was first. `form` is a valid `FirstCuratorForm`."""
    with connection.cursor() as cursor:
        # Two who post at once come in one after the other; readers are not held up.
        table = connection.ops.quote_name(get_user_model()._meta.db_table)
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    if not is_wanted():
        return None
    form.instance.is_staff = form.instance.is_superuser = True
    return form.save()
