"""Pages that need all three rooms, and those that need none."""

from .bad_request import bad_request
from .complete import complete
from .first_curator import first_curator
from .health import healthz, readyz
from .home import home
from .learn import learn, learn_page
from .pages import about, accessibility, favicon, help_now, privacy, robots, security
from .search import search
from .topics import topic_detail, topic_list

__all__ = [
    "about",
    "accessibility",
    "bad_request",
    "complete",
    "favicon",
    "first_curator",
    "healthz",
    "help_now",
    "home",
    "learn",
    "learn_page",
    "privacy",
    "readyz",
    "robots",
    "search",
    "security",
    "topic_detail",
    "topic_list",
]
