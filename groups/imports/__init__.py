"""Meetings out of other people's feeds: a pure reader (`reader`) apart from the writer (`writer`)."""
