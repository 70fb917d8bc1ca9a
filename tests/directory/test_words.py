import pytest

from directory.words import plain


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("St. Andrews", "saint andrews"),
        ("Saint-Étienne", "saint etienne"),
        ("  Newcastle-upon-Tyne ", "newcastle upon tyne"),
        ("King's Lynn", "kings lynn"),
        ("King’s Lynn", "kings lynn"),
        ("Tyne & Wear", "tyne and wear"),
        ("Cœuvres", "coeuvres"),
        ("Llanfair ŵ", "llanfair w"),
        ("!!!", ""),
        ("Москва", ""),
    ],
)
def test_plain_folds_case_accents_and_punctuation(typed, expected):
    assert plain(typed) == expected
