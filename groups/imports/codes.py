"""The meeting types of the Meeting Guide format, and where each has a home here."""

from groups.choices import Access, Audience

OPEN = "O"
CLOSED = "C"
ONLINE = "ONL"
PLACE_CLOSED = "TC"

AUDIENCES = {
    "BI": Audience.LGBTQ,
    "D-HOH": Audience.DEAF,
    "G": Audience.LGBTQ,
    "L": Audience.LGBTQ,
    "LGBTQ": Audience.LGBTQ,
    "LGBTQIA": Audience.LGBTQ,
    "M": Audience.MEN,
    "N": Audience.ETHNIC,
    "NB": Audience.TRANS,
    "NDG": Audience.ETHNIC,
    "POC": Audience.ETHNIC,
    "SEN": Audience.OLDER_PEOPLE,
    "T": Audience.TRANS,
    "W": Audience.WOMEN,
    "Y": Audience.YOUNG_PEOPLE,
}
# What the room offers, so it belongs to the venue.
VENUE_ACCESS = {"X": Access.STEP_FREE, "XB": Access.TOILET}
# What the people offer, so it belongs to the group.
GROUP_ACCESS = {
    "ASL": Access.SIGN_LANGUAGE,
    "BA": Access.CHILDCARE,
    "CF": Access.CHILDCARE,
    "QSL": Access.SIGN_LANGUAGE,
    "RSL": Access.SIGN_LANGUAGE,
}
LANGUAGES = {
    "AM": "am",
    "DA": "da",
    "DE": "de",
    "EL": "el",
    "EN": "en",
    "ES": "es",
    "FA": "fa",
    "FR": "fr",
    "HE": "he",
    "HI": "hi",
    "HR": "hr",
    "HU": "hu",
    "ITA": "it",
    "JA": "ja",
    "KOR": "ko",
    "LT": "lt",
    "ML": "ml",
    "NO": "no",
    "POL": "pl",
    "POR": "pt",
    "PUN": "pa",
    "RUS": "ru",
    "S": "es",
    "SK": "sk",
    "SV": "sv",
    "TH": "th",
    "TL": "tl",
    "UK": "uk",
}
USED = {OPEN, CLOSED, ONLINE, PLACE_CLOSED, *AUDIENCES, *VENUE_ACCESS, *GROUP_ACCESS, *LANGUAGES}
