"""A group as structured data: an organisation with its next dates."""

from directory.choices import Nation
from directory.structured import contact_values, filled
from groups.choices import Cost, MeetingFormat

MODES = {
    MeetingFormat.IN_PERSON: "OfflineEventAttendanceMode",
    MeetingFormat.HYBRID: "MixedEventAttendanceMode",
    MeetingFormat.ONLINE: "OnlineEventAttendanceMode",
    MeetingFormat.TELEPHONE: "OnlineEventAttendanceMode",
}
FREE = {Cost.FREE: True, Cost.DONATION: True, Cost.PAID: False}


def organisation(group, url, upcoming):
    """Return a group as an organisation. `upcoming` are its next dates, each with the meeting's public part."""
    return filled(
        {
            "@type": "Organization",
            "@id": f"{url}#group",
            "name": group.name,
            "description": group.summary,
            "url": url,
            "foundingDate": str(group.founded) if group.founded else "",
            "areaServed": [place.name for place in group.serves.all()],
            "knowsAbout": [topic.label for topic in group.topics.all()],
            "knowsLanguage": [language.code for language in group.languages.all()],
            **contact_values(group.contacts.all()),
            "event": [_event(group, url, date) for date in upcoming],
        }
    )


def _event(group, url, date):
    meeting = date.meeting
    return filled(
        {
            "@type": "Event",
            "name": group.name,
            "description": group.summary,
            "url": url,
            "startDate": date.at.isoformat(),
            "endDate": date.until.isoformat() if date.until else "",
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": f"https://schema.org/{MODES[meeting.format]}",
            "isAccessibleForFree": FREE.get(group.cost),
            "location": _locations(meeting, url),
            "organizer": {"@id": f"{url}#group"},
        }
    )


def _locations(meeting, url):
    public = meeting.public
    locations = []
    if meeting.happens_at_a_venue and public.locality:
        address = {
            "@type": "PostalAddress",
            "streetAddress": public.street,
            "addressLocality": public.locality,
            "addressRegion": public.region,
            "postalCode": public.postcode,
            "addressCountry": _country_code(public.country),
        }
        point = public.point and {"@type": "GeoCoordinates"} | public.point._asdict()
        locations.append(
            filled(
                {
                    "@type": "Place",
                    "name": public.name or public.locality,
                    "address": filled(address),
                    "geo": point,
                }
            )
        )
    if meeting.format != MeetingFormat.IN_PERSON:
        # Where the link is not public, this page says how to ask for it.
        locations.append({"@type": "VirtualLocation", "url": public.join_url or url})
    return locations


def _country_code(country):
    own = {Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND}
    return "GB" if country in own else country
