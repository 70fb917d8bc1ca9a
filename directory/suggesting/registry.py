"""Which form belongs to which kind of listing, and the ways to fill one in."""

_forms = {}


def register(form_class):
    """Note the form of a kind of listing; a decorator for `ListingForm`s."""
    _forms[form_class.model] = form_class
    return form_class


def model_forms():
    """Return the form classes by model."""
    return dict(_forms)


def current_values(listing):
    """Return what the form of a listing would hold now, by path, what is hidden included: for curators only."""
    return _forms[type(listing)].read(listing)


def public_values(listing):
    """Return what the form of a listing would hold now, by path, without what is hidden."""
    form_class = _forms[type(listing)]
    hidden = form_class.hidden(listing)
    return {path: value for path, value in form_class.read(listing).items() if path not in hidden}


def form_for(model, listing=None, values=None):
    """Return the form of a kind of listing, for curators; with `values`, by path, it is filled in with them.

    `form[path]` is the bound field with its widget, `form.label_of(path)` what it is called, `form.words_of(path,
    value)` a value in words, `form.errors` messages by path. Paths that `values` leaves out are as in the listing.
    """
    form_class = _forms[model]
    if values is None:
        return form_class(listing)
    return form_class(listing, values=values)


def read_posted(form, paths, data):
    """Return what was typed into the widgets `form[path]`, by path: to be handed on to `apply`, which judges it."""
    return {path: form[path].field.widget.value_from_datadict(data, None, path) for path in paths}
