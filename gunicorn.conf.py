"""How gunicorn serves the site: `gunicorn selfhelp.wsgi` reads this file, and so does `manage.py serve`."""

import os
from pathlib import Path

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads wait for the database while others work; a second process uses the second core. Each thread keeps one
# connection to the database: workers x threads of them in all.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
# Loaded once, before the workers fork: a mistake in the settings ends the start at once, and a worker that is started
# anew has nothing to load. Memory and time to the first answer measured the same either way.
preload_app = True

timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker lives for some thousand requests, so that no slow leak lives longer; not all end at once.
max_requests = 10_000
max_requests_jitter = 1_000
# A worker shows that it lives by touching a file, which on a slow disk could take longer than the timeout.
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# No limit on the line: a search of 10,000 letters gets a message beside its field, and not a bare error without a page.
# The proxy in front has a limit of its own.
limit_request_line = 0
limit_request_fields = 100
limit_request_field_size = 8190

# Whose X-Forwarded-Proto is believed. A proxy on another machine: its address, never '*'.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"
# No proxy of this site needs to set these, so nobody may.
forwarder_headers = ""
# A second way to steer the server, through a file in the home folder: not needed, so not there.
control_socket_disable = True

# A visit to this site says something about somebody's health. There is no access log, unless somebody asks for one,
# and then it has neither the visitor's address nor what they searched for, nor the keys in the paths of links.
accesslog = "-" if os.environ.get("ACCESS_LOG", "").lower() in ("1", "on", "true", "yes") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
loglevel = os.environ.get("LOG_LEVEL") or "info"


def post_worker_init(worker):
    """Keep addresses and searches out of the error log, too, and keys that are part of a path out of both."""
    # Not before: only now is the project's folder one that modules are found in.
    from selfhelp.logs import WithoutKeys

    worker.log.error_log.addFilter(_without_visitor)
    for log in (worker.log.error_log, worker.log.access_log):
        log.addFilter(WithoutKeys())


def _without_visitor(record):
    if str(record.msg).startswith("Error handling request"):
        record.msg, record.args = "Error handling a request", ()
    elif str(record.msg).startswith(("Invalid request from", "Invalid SSL", "Invalid HTTP request")):
        record.msg, record.args = "Refused a malformed request", ()
    return True
