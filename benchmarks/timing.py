"""What each statement takes, by the clock and of the server's own CPU."""

import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database_time():
    """Yield a list of (ms until the whole answer was here, ms of the server's own CPU) of each statement."""
    from django.db import connection

    connection.ensure_connection()
    times = []
    # What Linux has counted for the server's process, to see through other work on the machine.
    counter = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")

    def cpu():
        return int(counter.read_text().split()[0]) / 1e6 if counter.exists() else 0

    def clock(execute, *args):
        worked, before = cpu(), time.perf_counter()
        try:
            return execute(*args)
        finally:
            times.append(((time.perf_counter() - before) * 1000, cpu() - worked))

    with connection.execute_wrapper(clock):
        yield times
