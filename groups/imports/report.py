"""What an import did with each row and each value."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FIRST_FEW = 5


class Report:
    """An account of one import in which every row of the file appears once: as taken, or as not taken."""

    def __init__(self):
        self.rows = 0
        self.not_taken = []
        self.dropped = defaultdict(list)
        self.to_check = defaultdict(list)
        self.not_read = Counter()
        self.kept = []
        self.gone = []
        self.alike = []
        self.groups, self.venues, self.meetings = Counter(), Counter(), Counter()

    @property
    def taken(self):
        """How many rows became a meeting, or were one already."""
        return self.meetings.total()

    def refuse(self, row, name, reason):
        """Note a row that was not taken."""
        self.not_taken.append({"row": row, "name": name, "reason": str(reason)})

    def looks_like(self, group, doubles):
        """Note a new group that looks like others."""
        others = [{"slug": each.group.slug, "score": each.likeness.score, "why": each.reasons} for each in doubles]
        self.alike.append({"slug": group.slug, "name": group.name, "looks_like": others})

    def as_dict(self):
        """Return the whole report as plain values."""
        counts = {"groups": self.groups, "venues": self.venues, "meetings": self.meetings}
        return {
            "rows": self.rows,
            "taken": self.taken,
            **{name: {state: count[state] for state in STATES} for name, count in counts.items()},
            "not_taken": sorted(self.not_taken, key=lambda each: each["row"]),
            "dropped": {kind: sorted(self.dropped[kind]) for kind in sorted(self.dropped)},
            "to_check": {kind: sorted(self.to_check[kind]) for kind in sorted(self.to_check)},
            "kept": self.kept,
            "gone": self.gone,
            "alike": self.alike,
            "not_read": dict(sorted(self.not_read.items())),
        }

    def lines(self):
        """Yield the report as lines for a terminal; only the row numbers are shortened."""
        yield _("Rows in the file: %(rows)d. Taken: %(taken)d. Not taken: %(not)d.") % {
            "rows": self.rows,
            "taken": self.taken,
            "not": len(self.not_taken),
        }
        for label, count in [(_("Groups"), self.groups), (_("Venues"), self.venues), (_("Meetings"), self.meetings)]:
            yield _("%(what)s: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % {
                "what": label,
                **{state: count[state] for state in STATES},
            }
        refused = (f"{each['row']}. {each['name']}: {each['reason']}" for each in self.as_dict()["not_taken"])
        yield from _section(_("Rows not taken"), refused)
        yield from _section(_("Values dropped"), _counted(self.dropped))
        yield from _section(_("To check"), _counted(self.to_check))
        kept = (f"{each['kind']} {each['name']}: {each['field']}" for each in self.kept)
        yield from _section(_("Kept, because a curator changed it"), kept)
        yield from _section(_("No longer in the feed, and left as they are"), self.gone)
        alike = (f"{each['name']}: {', '.join(other['slug'] for other in each['looks_like'])}" for each in self.alike)
        yield from _section(_("New, and looks like one that is here"), alike)
        unread = (_times(name, count) for name, count in sorted(self.not_read.items()))
        yield from _section(_("Fields not read"), unread)


STATES = ("new", "changed", "unchanged")


def _section(title, lines):
    lines = list(lines)
    if lines:
        yield f"\n{title} ({len(lines)})"
        yield from (f"  {line}" for line in lines)


def _counted(kinds):
    for kind in sorted(kinds):
        rows = sorted(kinds[kind])
        first = ", ".join(str(row) for row in rows[:FIRST_FEW])
        more = "…" if len(rows) > FIRST_FEW else ""
        yield _("%(times)s (rows %(rows)s)") % {"times": _times(kind, len(rows)), "rows": first + more}


def _times(what, count):
    return ngettext("%(what)s: %(count)d time", "%(what)s: %(count)d times", count) % {"what": what, "count": count}
