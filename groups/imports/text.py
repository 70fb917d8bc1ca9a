"""The text of a feed: cleaned, and parted into what anyone may read and what only curators may."""

import hashlib
import html
import re

_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
# Bytes of Windows text that somebody took for Latin 1: '\x92' was an apostrophe.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
# What PostgreSQL or a terminal cannot hold, and marks that turn the direction of text without being seen.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")

_URL = r"(?:https?://|www\.)\S+"
# Lengths are bounded, so that no text, however long, takes long.
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_DOMAIN = r"\b[\w-]{1,63}\.(?:com|org|net|info|uk|ie|fr|de|eu|ca|io|ee|ly|gl|link|me(?=/))\b(?:/\S*)?"
_HANDLE = r"(?<!\w)@\w{3,}"
# Three or more runs of digits, or nine digits and more in one. A postal code and a group's own number are neither.
_PHONE = (
    r"(?<![\w#])(?:\+\d[\d ().-]{6,20}\d"
    r"|\(?0\d{2,4}\)?[ .-]\d{3,4}[ .-]?\d{3,4}"
    r"|\(?0\d{1,4}\)?(?:[ .-]\d{2,3}){3,6}"
    r"|\(?\d{3}\)?[ .-]\d{3,4}[ .-]\d{3,4}"
    r"|\d{3}-\d{4}|\d{9,})(?!\w)"
)
_CODE_WORD = (
    r"(?:\bpass\W?(?:code|word|phrase)s?|\bpass(?=\s*[:#=])|\bpw\w*"
    r"|mot de passe|\bcode d.acc[eè]s|contrase\w+|kennwort|senha|wachtwoord)"
)
_PIN = r"\bpin\s*(?:code|number)?\s*[:#=]?\s*\d+"
_MEETING_ID = r"\b(?:zoom|meeting|webinar|conference|dial-?in|access|skype)\W{0,3}(?:id|code)\b"
_ID = r"\bid\s*[:#=]"

_PRIVATE_LINE = re.compile("|".join([_URL, _EMAIL, _DOMAIN, _HANDLE, _PHONE, _CODE_WORD, _PIN, _MEETING_ID, _ID]), re.I)
# 'passcode:' alone at the end of a line: the secret stands in the next one.
_VALUE_FOLLOWS = re.compile(rf"(?:{_CODE_WORD}|\bpin|\bid|\bnumber|\bno\.?)\s*[:#=-]*\s*$", re.I)
_PRIVATE_PART = re.compile(
    "|".join(
        [
            _URL,
            _EMAIL,
            _HANDLE,
            rf"(?:zoom\s+)?{_CODE_WORD}\s*(?:is\b)?\s*[:#=]?\s*\S*",
            _PIN,
            rf"{_MEETING_ID}\W*[\d ]*\d",
            rf"{_ID}\s*\S+",
            _PHONE,
        ]
    ),
    re.I,
)


def clean(value):
    """Return a value as text without entities, tags, tabs and invisible characters; lines stay lines."""
    text = _TAGS.sub("", _BREAKS.sub("\n", str(value)))
    text = _UNWANTED.sub("", html.unescape(text).translate(_WINDOWS).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def part_lines(text):
    """Return the lines that anyone may read, and those with a link, an address, a number or a secret."""
    public, private = [], []
    value_follows = False
    for line in filter(None, text.split("\n")):
        hidden = value_follows or _PRIVATE_LINE.search(line)
        (private if hidden else public).append(line)
        value_follows = bool(_VALUE_FOLLOWS.search(line)) and bool(hidden)
    return public, private


def part_words(text):
    """Return one line without links, addresses, numbers and secrets, and the parts that were taken out."""
    line = " ".join(text.split())
    found = [match.group().strip() for match in _PRIVATE_PART.finditer(line)]
    if not found:
        return line, []
    rest = _EMPTY_BRACKETS.sub("", _PRIVATE_PART.sub(" ", line))
    return " ".join(rest.split()).strip(" ,;:-–|"), found


def cut(text, longest):
    """Return `text`, cut at a word where it is longer than `longest`."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_a_word = head.rsplit(None, 1)[0] if not text[longest - 1].isspace() else head
    return at_a_word.rstrip(" ,;:-–") + "…"


def sentences(parts):
    """Join parts into one paragraph, with a full stop where a part has no ending of its own."""
    return (
        " ".join(part if part[-1] in ".!?:;,…" else f"{part}." for part in parts) if len(parts) > 1 else "".join(parts)
    )


def fold(text):
    """Return text in a form in which two spellings of one name are equal, in any alphabet."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def key_of(*parts, longest=200):
    """Return a stable key out of parts, short enough for the column."""
    key = "|".join(fold(str(part)) for part in parts)
    if len(key) <= longest:
        return key
    return f"{key[: longest - 17]}#{hashlib.sha256(key.encode()).hexdigest()[:16]}"
