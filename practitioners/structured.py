"""A practitioner as structured data: a person who agreed to be listed."""

from directory.structured import contact_values, filled


def person(practitioner, url):
    """Return a practitioner as a person."""
    return filled(
        {
            "@type": "Person",
            "@id": f"{url}#person",
            "name": practitioner.name,
            "description": practitioner.summary,
            "url": url,
            "jobTitle": practitioner.title,
            "worksFor": filled({"@type": "Organization", "name": practitioner.organisation})
            if practitioner.organisation
            else None,
            "knowsAbout": [topic.label for topic in practitioner.topics.all()],
            "knowsLanguage": [language.code for language in practitioner.languages.all()],
            "areaServed": [place.name for place in practitioner.places.all()],
            **contact_values(practitioner.contacts.all()),
        }
    )
