"""Groups and practitioners as rows: which listing a row is about, its addresses, its state."""

from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import PublicationState
from directory.exchange.cells import Code, Day, Moment, Several, Text, choices_of, pieces
from directory.exchange.parts import Parts
from directory.exchange.resources import Column, Exchange
from directory.models import ContactWay, FormerAddress, Listing, Tombstone

LONGEST_SLUG = 95
FIRST_COLUMNS = ("uuid", "slug", "name", "summary", "text_language", "state")
LAST_COLUMNS = (
    "confirmed_at",
    "confirmed_by",
    "review_due_on",
    "source",
    "external_id",
    "sample",
    "curator_notes",
    "former_addresses",
    "state_changed_at",
    "created_at",
    "updated_at",
)


def contacts_cell(model, owner):
    """Return the cell with the ways to get in touch."""
    visibility = ContactWay._meta.get_field("visibility")
    columns = {
        "kind": Code(choices_of(ContactWay._meta.get_field("kind"))),
        "value": Text(),
        "visibility": Code(choices_of(visibility)),
        "label": Text(empty=""),
        "personal": Code(choices_of(ContactWay._meta.get_field("personal"))),
        "consented_on": Day(empty=None),
        "consented_how": Text(empty=""),
    }
    return Parts(model, owner, columns, key=("kind", "value"), ordered=True)


def is_uuid(text):
    """Whether a text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class ListingExchange(Exchange):
    """The base of the tables of listings.

    A row is about the listing with its uuid; without one, with its slug; without that, with its number in its source.
    A row that has none of them is new. Where a listing of its name is there already, it may not change that.
    """

    state = Column(
        Code(choices_of(Listing._meta.get_field("state"))),
        attribute="state",
        about=gettext_lazy("What is new waits for a curator. ‘published’ counts only where publishing is ticked."),
    )
    former_addresses = Column(
        Several(Text()),
        attribute="former_slugs",
        own=False,
        about=gettext_lazy("Addresses (slugs) that it had before. They lead to it for ever: none is ever taken away."),
    )
    state_changed_at = Column(
        Moment(), attribute="state_changed_at", only_new=True, about=gettext_lazy("Taken for new rows only.")
    )
    created_at = Column(Moment(), attribute="created_at", only_new=True, about=gettext_lazy("Taken for new rows only."))
    updated_at = Column(Moment(), attribute="updated_at", only_new=True, about=gettext_lazy("Taken for new rows only."))

    order = ("slug",)
    also_written = ("updated_at", "state_changed_at", "state_changed_by")
    times = ("created_at", "updated_at")

    def filter_export(self, queryset, **kwargs):
        """Return those chosen, with their former addresses."""
        former = FormerAddress.objects.of(self._meta.model).filter(object_id=OuterRef("pk")).order_by("slug")
        return super().filter_export(queryset).annotate(former_slugs=ArraySubquery(former.values("slug")))

    def fetch(self):
        """Fetch the listings that the rows may be about, and whatever stands in the way of their addresses."""
        ids = {UUID(text) for text in self.texts("uuid") if is_uuid(text)}
        slugs = self.texts("slug") | {slug_of(row) for row in self.rows if not (row.get("uuid") or row.get("slug"))}
        slugs |= {slug for text in self.texts("former_addresses") for slug in pieces(text, lambda _piece: False)}
        mine = Q(uuid__in=ids) | Q(slug__in=slugs) | Q(external_id__in=self.texts("external_id"))
        there = self.filter_export(self.get_queryset().filter(mine)).order_by("pk")
        self.by_uuid, self.by_slug, self.by_number, self.before = {}, {}, {}, {}
        for listing in there.select_for_update(of=("self",), no_key=True):
            self.by_uuid[listing.uuid] = self.by_slug[listing.slug] = listing
            if listing.external_id:
                self.by_number[listing.source, listing.external_id] = listing
            self.before[listing.pk] = (listing.slug, listing.state, listing.former_slugs)
        self.erased = set(Tombstone.objects.filter(uuid__in=ids).values_list("uuid", flat=True))
        former = FormerAddress.objects.of(self._meta.model).filter(slug__in=slugs)
        self.former = dict(former.values_list("slug", "object_id"))

    def find(self, row):
        """Return the listing that a row is about, or `None` for a new one."""
        self.only_by_name = False
        slug, number = row.get("slug", ""), (row.get("source", ""), row.get("external_id", ""))
        if uuid := self.read_cell(row, "uuid"):
            found = self.by_uuid.get(uuid)
            if uuid in self.erased:
                raise ValidationError({"uuid": _("This was erased because a person asked. Leave the row out.")})
        elif slug:
            found = self.by_slug.get(slug)
        elif number[1]:
            found = self.by_number.get(number)
        else:
            self.only_by_name = True
            found = self.by_slug.get(slug_of(row))
        if found is None and row.get("name") and not (slug or slug_of(row)):
            raise ValidationError({"slug": _("Write an address in plain letters, such as tuesday-talk.")})
        self.check_address(slug or ("" if found else slug_of(row)), found)
        return found

    def check_address(self, slug, listing):
        """Refuse an address that leads to another listing."""
        if not slug:
            return
        if self.by_slug.get(slug, listing) is not listing:
            why = _("Another one has this address. If it is the same one, empty the uuid; else change the slug.")
            raise ValidationError({"slug": why})
        if self.former.get(slug) not in {None, listing and listing.pk}:
            raise ValidationError({"slug": _("Another listing had this address before. Choose another.")})

    def keys_of(self, listing, row):
        """Return what no two rows may share: the listing, and its address."""
        slug = row.get("slug") or listing.slug or slug_of(row)
        return [key for key in (listing.pk, slug) if key]

    def settle(self, instance, row):
        """Give a new listing its address, and let nothing be published that was not to be."""
        if self.is_new:
            instance.slug = instance.slug or slug_of(row)
            instance.state_changed_by = self.by
            if "state" not in self.said:
                instance.state = PublicationState.PENDING
        slug, state, former = self.before.get(instance.pk, ("", "", ()))
        if instance.state == PublicationState.PUBLISHED != state and not self.publish:
            instance.state = state or PublicationState.PENDING
            self.values.pop("state", None)
            self.fate.notes.append(_("Not published: it waits for a curator, since publishing was not ticked."))
        if not self.is_new and instance.state != state:
            instance.state_changed_at, instance.state_changed_by = timezone.now(), self.by
        if set(self.values.get("former_addresses", ())) <= {*former, instance.slug}:
            self.values.pop("former_addresses", None)

    def check(self, instance):
        """Refuse what the database would refuse, beside the column to change."""
        errors = {}
        if self.only_by_name and not self.is_new and self.values:
            errors["slug"] = _(
                "There is one of this name already, and this row would change it. Write “%(slug)s” here to do so, or"
                " another address for another one."
            ) % {"slug": instance.slug}
        if bool(instance.confirmed_at) != bool(instance.confirmed_by):
            errors["confirmed_by"] = _("Say both when it was confirmed and by whom, or neither.")
        for slug in self.values.get("former_addresses", ()):
            if self.by_slug.get(slug, instance) is not instance or self.former.get(slug, instance.pk) != instance.pk:
                errors["former_addresses"] = _("“%(slug)s” leads to another listing.") % {"slug": slug[:60]}
        if errors:
            raise ValidationError(errors)

    def write_more(self):
        """Keep the addresses that listings had, and let the search find them."""
        self.keep_addresses()
        self.index([each.instance.pk for each in self.pending])

    def keep_addresses(self):
        """Let former addresses lead to their listings."""
        kind = ContentType.objects.get_for_model(self._meta.model)
        kept, gone = [], []
        for each in self.pending:
            pk = each.instance.pk
            old = self.before.get(pk, ("",))[0]
            slugs = {*each.values.get("former_addresses", ()), *([old] if old else [])} - {each.instance.slug}
            slugs -= {slug for slug, owner in self.former.items() if owner == pk}
            slugs -= set(self.before.get(pk, ("", "", ()))[2])
            kept += [FormerAddress(content_type=kind, object_id=pk, slug=slug) for slug in sorted(slugs)]
            gone += [each.instance.slug] if "slug" in each.values and not each.is_new else []
        FormerAddress.objects.of(self._meta.model).filter(slug__in=gone).delete()
        FormerAddress.objects.bulk_create(kept, batch_size=1000)

    def index(self, ids):
        """Write the search rows."""
        raise NotImplementedError


def slug_of(row):
    """Return the address that the name of a row suggests."""
    return slugify(row.get("name", ""))[:LONGEST_SLUG].strip("-")
