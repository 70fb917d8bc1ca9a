"""A form for suggestions as its page shows it: under headings, with room for further parts."""

from typing import NamedTuple


class ShownSection(NamedTuple):
    """One heading of the page, with its fields or its parts; `next_part` is what a further part would be called."""

    heading: str
    fields: list
    parts: list
    is_open: bool
    kind: str = ""
    add: str = ""
    next_part: str = ""


class ShownBlock(NamedTuple):
    """Fields of a part that belong together."""

    heading: str
    fields: list
    is_folded: bool
    is_open: bool


class ShownPart(NamedTuple):
    """One part, with its blocks."""

    prefix: str
    title: str
    blocks: list
    is_open: bool
    is_new: bool


def shown_sections(form):
    """Return the sections of a form: folded where there is nothing to see at once."""
    is_new = form.listing is None
    sections = []
    for section in form.sections:
        if section.kind:
            sections.append(_section_of_parts(form, section, is_new))
            continue
        fields = [form[name] for name in section.names if name in form]
        is_wrong = any(field.errors for field in fields)
        sections.append(ShownSection(section.heading, fields, [], is_wrong or (is_new and not section.folded)))
    return sections


def _section_of_parts(form, section, is_new):
    kind = form.parts[section.kind]
    parts = [
        ShownPart(prefix, form.part_title(prefix), _blocks_of(part), part.is_new or bool(part.errors), part.is_new)
        for prefix, part in form.forms.items()
        if prefix.startswith(f"{section.kind}.")
    ]
    is_open = any(part.is_open for part in parts) or (is_new and not section.folded)
    further = form.next_part(section.kind)
    return ShownSection(section.heading, [], parts, is_open, section.kind, kind.add if further else "", further)


def _blocks_of(part):
    shown = []
    for block in part.blocks:
        fields = [part[name] for name in block.names if name in part.fields]
        if fields:
            is_wrong = any(field.errors for field in fields)
            shown.append(ShownBlock(block.heading, fields, bool(block.heading) and block.folded, is_wrong))
    return shown


def in_order(form, paths):
    """Return paths in the order in which the form asks for them."""
    return sorted(paths, key=lambda path: _place_of(form, path))


def _place_of(form, path):
    prefix, _dot, name = path.rpartition(".")
    kind = prefix.partition(".")[0]
    order = [each for section in form.sections for each in section.names or [section.kind]]
    inside = [each for block in form.parts[kind].form.blocks for each in block.names] if kind in form.parts else []
    # The second of two parts of a kind has a longer number, or a higher one.
    return _number_of(kind or name, order), len(prefix), prefix, _number_of(name, inside)


def _number_of(name, names):
    return names.index(name) if name in names else -1


def offered(form, path):
    """Return what the form offers at a path before anybody fills it in; `None` where it offers nothing."""
    prefix, _dot, name = path.rpartition(".")
    part = form.parts.get(prefix.partition(".")[0])
    field = (part.form if part else form.main).base_fields.get(name)
    return field.initial if field else None


class Mistake(NamedTuple):
    """One thing that is wrong: the id of the field, what it is called, and what is to be done."""

    id: str
    label: str
    said: str


def mistakes(form):
    """Return a `Mistake` for all that is wrong, in the order of the page."""
    told = []
    for section in shown_sections(form):
        blocks = [block for part in section.parts for block in part.blocks]
        fields = [*section.fields, *(field for block in blocks for field in block.fields)]
        told += [
            Mistake(field.auto_id, form.label_of(field.html_name), said) for field in fields for said in field.errors
        ]
    return told
