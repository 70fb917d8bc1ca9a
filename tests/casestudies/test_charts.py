"""Charts: what is drawn, what the table says, and that both can be seen."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import CaseStudyFactory, EffectFactory, KeyFigureFactory

pytestmark = pytest.mark.django_db


def charts_of(client, case):
    html = client.get(f"/case-studies/{case.slug}/").content.decode()
    return re.findall(r'<figure\s+class="chart".*?</figure>', html, flags=re.S)


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(chart, tag):
    return re.search(rf"<{tag}\b.*</{tag}>", chart, flags=re.S)[0]


def widths(chart, css_class):
    return [
        float(width) for width in re.findall(rf'class="{css_class}[^"]*"[^>]*?width="([\d.]+)%"', chart, flags=re.S)
    ]


def test_a_series_is_drawn_with_a_table_of_the_same_numbers(client):
    case = CaseStudyFactory()
    for label, value, qualifier in [("All", 67, "about"), ("Active", 17, "")]:
        KeyFigureFactory(
            case_study=case,
            series="People",
            label=label,
            value=value,
            unit="people",
            qualifier=qualifier,
            caveat="Beware.",
        )
    [chart] = charts_of(client, case)
    drawn, table = words(part(chart, "svg")), words(part(chart, "table"))
    for said in ["about 67 people", "17 people", "All", "Active"]:
        assert said in drawn
        assert said in table
    assert "Beware." in table
    assert "Source: A publisher, 2013" in words(chart)
    assert re.search(r'<svg[^>]*role="img"[^>]*aria-labelledby="chart-1-drawn chart-1-said"', chart, flags=re.S)
    assert widths(chart, "bar") == [100.0, 25.37]


def test_every_chart_of_the_sources_has_a_table_with_its_numbers(client, content):
    found = {
        slug: charts_of(client, CaseStudyFactory._meta.model.objects.get(slug=slug)) for slug in ["gem", "croydon-sun"]
    }
    assert len(found["gem"]) >= 2
    assert found["croydon-sun"]
    for chart in [chart for charts in found.values() for chart in charts]:
        drawn, table = (
            words(re.sub(r"<title.*?</desc>", "", part(chart, "svg"), flags=re.S)),
            words(part(chart, "table")),
        )
        numbers = re.findall(r'class="value"[^>]*>([^<]+)<', chart)
        assert len(numbers) > 1
        for number in numbers:
            assert number in drawn
            assert number in table
        assert "Source:" in words(chart)


def test_parts_of_a_whole_are_one_bar(client):
    case = CaseStudyFactory()
    for value in [87, 13]:
        KeyFigureFactory(case_study=case, series="By kind", value=value, unit="% of groups")
    [chart] = charts_of(client, case)
    assert widths(chart, "piece") == [87.0, 13.0]


def test_a_lower_bound_has_an_open_end(client):
    case = CaseStudyFactory()
    KeyFigureFactory(case_study=case, series="Falls", label="Visits", value=30, unit="% fewer")
    KeyFigureFactory(case_study=case, series="Falls", label="Beds", value=50, unit="% less", qualifier="more than")
    [chart] = charts_of(client, case)
    assert widths(chart, "bar") == [30.0, 50.0]
    assert len(widths(chart, "open")) == 1
    assert "A dashed end means: more than this." in words(chart)


def test_one_number_or_two_measures_are_not_drawn(client):
    case = CaseStudyFactory()
    KeyFigureFactory(case_study=case, series="Alone", label="One number", value=5)
    KeyFigureFactory(case_study=case, series="Mixed", label="Apples", value=5, unit="apples")
    KeyFigureFactory(case_study=case, series="Mixed", label="Pounds", value=3, unit="pounds")
    KeyFigureFactory(case_study=case, series="Nothing", label="Nil", value=0)
    KeyFigureFactory(case_study=case, series="Nothing", label="None", value=0)
    EffectFactory(case_study=case, figure=30, unit="%")
    assert charts_of(client, case) == []
    page = words(client.get(f"/case-studies/{case.slug}/").content.decode())
    for said in ["One number", "Apples", "Pounds", "Nil"]:
        assert said in page


def test_measured_effects_are_drawn_unless_their_numbers_are_already(client):
    case = CaseStudyFactory()
    for value in [30, 50]:
        EffectFactory(case_study=case, figure=value, unit="% fewer", text=f"Fewer stays: {value}.")
    [chart] = charts_of(client, case)
    assert "Fewer stays: 30." in words(part(chart, "table"))
    for value in [30, 50]:
        KeyFigureFactory(case_study=case, series="Falls", value=value, unit="% fewer")
    [chart] = charts_of(client, case)
    assert "Fewer stays" not in words(chart)


def test_charts_carry_no_style_of_their_own(client, content):
    html = client.get("/case-studies/gem/").content.decode()
    assert "style=" not in html
    assert "<style" not in html


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    parts = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_is_drawn_stands_out_in_both_themes():
    css = Path(settings.BASE_DIR, "static/css/site.css").read_text()
    light, dark = css.split("prefers-color-scheme: dark", 1)
    used = set(re.findall(r"\.drawn[^{]*\{[^}]*?(?:fill|stroke): var\(--([\w-]+)\)", css)) - {"paper"}
    assert {"ink", "action", "warm-fill", "edge"} <= used
    for theme in [light, dark.split("}", 1)[0]]:
        tokens = {
            name: value if len(value) == 7 else "#" + "".join(2 * each for each in value[1:])
            for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", theme)
        }
        for name in used:
            assert contrast(tokens[name], tokens["paper"]) >= (4.5 if name == "ink" else 3), name
