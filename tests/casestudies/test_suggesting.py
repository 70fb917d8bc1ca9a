"""Anyone suggests what is wrong in a case study."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casestudies.models import CaseStudy
from directory.forms import listing_key, stamp_for
from directory.models import Change, Suggestion
from directory.suggesting import apply, current_values, form_for
from tests.factories import CaseStudyFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


def test_a_correction_waits_and_is_taken(client):
    case = CaseStudyFactory(slug="tea", name="Tea", overview="First.\n\nSecond.", curator_notes="Secret notes")
    assert 'href="/case-studies/tea/suggest/"' in client.get("/case-studies/tea/").content.decode()
    page = client.get("/case-studies/tea/suggest/")
    assert "Secret notes" not in page.content.decode()
    stamp = stamp_for(f"suggest:{listing_key(case)}", timezone.now() - timedelta(seconds=60))
    data = filled(page) | {"stamp": stamp, "overview": "First.\r\n\r\nThird.", "year": "2019", "status": "rolled-out"}
    assert client.post("/case-studies/tea/suggest/", data).status_code == 302
    suggestion = Suggestion.objects.get()
    assert suggestion.values == {"overview": "First.\n\nThird.", "year": 2019, "status": "rolled-out"}
    apply(suggestion, suggestion.values, by=None)
    case.refresh_from_db()
    assert (case.overview, case.year, case.status) == ("First.\n\nThird.", 2019, "rolled-out")


@pytest.mark.usefixtures("content")
def test_each_case_study_goes_through_the_form_and_back_without_a_difference():
    before = Change.objects.count()
    assert CaseStudy.objects.count() > 8
    for case in CaseStudy.objects.all():
        form = form_for(CaseStudy, case, current_values(case))
        assert (form.errors, form.differences()) == ({}, ({}, {})), case
        form.write(by=None)
    assert Change.objects.count() == before
