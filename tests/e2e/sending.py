"""Sending a form that may come back: one that was filled in within three seconds is asked for again."""


def each_time_it_comes_back(page, button, until):
    """Press a button, and again until something is there. Yields each time that the form came back instead of it."""
    for _each in range(100):
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()
        if until.is_visible():
            return
        yield
    raise AssertionError(f"{until} does not come.")
