"""Postcodes, those that can be looked up and those that cannot."""

import re
from itertools import islice

from directory.understanding.aroundplaces import AroundPlaces
from directory.understanding.besideplaces import BesidePlaces
from directory.understanding.placenames import MOST_PLACES
from directory.understanding.tokens import clean

_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU"
    "|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE"
    "|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV"
    "|YO|ZE|B|E|G|L|M|N|S|W"
)
_POSTCODE = re.compile(rf"(?<!\w)(?:{_AREAS})\d[A-Z\d]?(?:\s*(\d)(?:[A-Z]{{2}})?)?(?!\w)", re.IGNORECASE)
# Postcodes of France and Ireland, which are not open data.
_UNREAD_CODE = re.compile(
    r"(?<!\w)(?:[0-9]{5}|(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W)\s?(?=[A-Z]*[0-9])[0-9AC-FHKNPRTV-Y]{4}|D[0-9]{2}|D6W)(?!\w)",
    re.IGNORECASE,
)
_UNKNOWN_AREAS = ("BT", "JE", "GY", "IM")


class PlaceCodes(AroundPlaces, BesidePlaces):
    """Reads postcodes."""

    def take_unread_codes(self):
        """Use up the postcodes that cannot be read, and return the tokens of the first."""
        found = [self.tokens_in(*match.span()) for match in _UNREAD_CODE.finditer(self.read)]
        free = [inside for inside in found if not any(self.taken[index] or self.held[index] for index in inside)]
        for inside in free:
            self.take(inside[0], inside[-1])
        return next(iter(free), None)

    def read_postcode(self):
        """Read postcodes, whole or in part, wherever they stand."""
        for found in islice(_POSTCODE.finditer(self.read), MOST_PLACES):
            inside = self.tokens_in(found.start(), found.end())
            if not inside or any(self.taken[index] or self.held[index] for index in inside):
                continue
            name = clean(found[0])
            place = self.ask(name)
            if place is not None:
                self.add_place(place, name, *self.with_town(place, inside[0], inside[-1]))
                continue
            whole = found[1] and found[0][-1].isalpha()
            if not self.places and (whole or name.upper().startswith(_UNKNOWN_AREAS)):
                # Nobody means anything else by it: better to say that we do not know it.
                self.add_part("near", name, inside[0], inside[-1], name.upper())
                return True
        return bool(self.places)
