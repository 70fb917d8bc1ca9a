"""Pages of the weekly letter: sign up, confirm, stop."""

from django.shortcuts import render
from django.urls import reverse

from directory.links import answer_with_letter, behind_a_link, link_refused
from directory.networks import network_of
from directory.private import private_form
from practitioners.digest import confirm as confirm_letters
from practitioners.digest import sign_up
from practitioners.forms_joining import DigestForm
from practitioners.links import to_confirm, to_stop
from practitioners.models import DigestSubscription


@private_form
def digest(request):
    """Show the form for the weekly letter, or send the link that confirms it."""
    form = DigestForm(request.POST if request.method == "POST" else None)

    def do():
        return sign_up(form, network=network_of(request), absolute=request.build_absolute_uri)

    return answer_with_letter(request, form, "practitioners/digest.html", do)


@behind_a_link
def confirm(request, token):
    """Ask whether the letters are wanted; a button says yes, since programs that read mail open each link."""
    number = to_confirm(token)
    subscription = DigestSubscription.objects.filter(pk=number).first() if number else None
    if subscription is None:
        return link_refused(request, "practitioners:digest")
    if request.method == "POST":
        confirm_letters(subscription)
    done = request.method == "POST" or subscription.confirmed_at
    context = {"subscription": subscription, "done": done, "groups_url": _groups_url(subscription)}
    return render(request, "practitioners/digest_confirm.html", context)


@behind_a_link
def stop(request, token):
    """Ask whether the letters should stop; a button, here or in the mail program (RFC 8058), stops them."""
    number = to_stop(token)
    if number is None:
        return link_refused(request, "practitioners:digest")
    if request.method == "POST":
        DigestSubscription.objects.filter(pk=number).delete()
    return render(request, "practitioners/digest_stop.html", {"done": request.method == "POST"})


def _groups_url(subscription):
    """Return the list of the groups that look for one of the roles now."""
    roles = "&".join(f"seeking={role.slug}" for role in subscription.roles.all())
    return f"{reverse('groups:list')}?{roles}" if roles else reverse("groups:list")
