"""Addresses that listings had before: once public, they answer for ever."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerAddressQuerySet(models.QuerySet):
    """Former addresses."""

    def of(self, model):
        """Former addresses of listings of one kind."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def owners(self, slugs):
        """Return the primary key of the listing that each of these slugs leads to, for those that were left."""
        return dict(self.filter(slug__in=list(slugs)).values_list("slug", "object_id"))


class FormerAddress(models.Model):
    """A slug that a listing had. Its address leads to the listing for ever."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, editable=False)
    object_id = models.BigIntegerField(editable=False)
    listing = GenericForeignKey()
    slug = models.SlugField(max_length=100, editable=False)

    objects = FormerAddressQuerySet.as_manager()

    TAKEN = _("Another listing had this address before. Choose another.")

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="formeraddress_once")]
        indexes = [models.Index(fields=["content_type", "object_id"], name="formeraddress_listing")]

    def __str__(self):
        return self.slug
