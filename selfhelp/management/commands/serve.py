"""Set everything up and serve: what `make run` calls."""

import errno
import hashlib
import os
import signal
import socket
import time
from importlib.metadata import version
from io import StringIO

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.base import Application
from gunicorn.arbiter import Arbiter

from directory.models import Listing
from selfhelp.first_curator import VALID_FOR, first_curator_path, is_wanted

LEAST_POSTGRES = 15
# The workers of a run that was killed hold the port for about a second more.
REMAINS_SECONDS = 3


class Command(BaseCommand):
    help = "Migrate, load the content, collect the static files and serve on 127.0.0.1, port PORT or 8000."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args, **options):
        port = self._free_port()
        try:
            self._prepare_database()
            self._collect_static_files()
            way_in = first_curator_path() if is_wanted() else None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {_first_line(error)}") from error
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
                raise
            raise CommandError(f"A file can't be written: {error.strerror} ({error.filename}).") from error
        connections.close_all()  # a connection does not survive a fork

        def say_where():
            address = f"http://127.0.0.1:{port}"
            self.stdout.write(f"{settings.SITE_NAME} runs at {address}/")
            if way_in:
                hours = VALID_FOR.total_seconds() / 3600
                self.stdout.write(f"Make the first curator at {address}{way_in} (works once, for {hours:.0f} hours)")
            self.stdout.write("Ctrl-C stops it.")
            self.stdout.flush()  # before the fork, or each worker would print it again

        Server(port, say_where).run()

    def _free_port(self):
        given = os.environ.get("PORT") or "8000"
        if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
            raise CommandError(f"PORT is {given!r}: give a whole number from 1 to 65535.")
        deadline = time.monotonic() + REMAINS_SECONDS
        while True:
            try:
                with socket.socket() as trial:
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    trial.bind(("127.0.0.1", int(given)))
                    trial.listen()
                return int(given)
            except PermissionError as error:
                raise CommandError(f"Port {given} is for root only: take another, say `make run PORT=8001`.") from error
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CommandError(
                        f"Port {given} is taken, perhaps by another run: stop that, or choose another port, "
                        f"say `make run PORT={int(given) % 65535 + 1}`."
                    ) from error
                time.sleep(0.1)

    def _prepare_database(self):
        if connection.pg_version < LEAST_POSTGRES * 10_000:
            raise CommandError(f"The database is PostgreSQL {connection.pg_version // 10_000}: take 15 or newer.")
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write("Setting up the database; the first time takes a moment.")
            self.stdout.flush()
            call_command("migrate", interactive=False, verbosity=0)
        # Samples only where there was nothing at all, so that those a curator removed stay away. All or nothing: a
        # first run that is killed is a first run again.
        with transaction.atomic():
            first = not any(model.objects.exists() for model in apps.get_models() if issubclass(model, Listing))
            call_command("load_content", verbosity=0)
            if first:
                call_command("load_samples", verbosity=0)

    def _collect_static_files(self):
        """Collect, hash and compress where a file differs from the last time: that takes seconds, looking does not."""
        stamp = settings.STATIC_ROOT / "collected"
        wanted = _static_files_digest()
        try:
            if stamp.read_text() == wanted:
                return
        except FileNotFoundError:
            pass
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
        stamp.write_text(wanted)


class Server(Application):
    """gunicorn with the project's own configuration, in this process."""

    def __init__(self, port, when_ready):
        self.port = port
        self.when_ready = when_ready
        super().__init__()

    def load_config(self):
        """Read the file, and nothing of the command line, which is Django's."""
        self.load_config_from_file(str(settings.BASE_DIR / "gunicorn.conf.py"))
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("loglevel", os.environ.get("LOG_LEVEL") or "warning")
        self.cfg.set("when_ready", lambda arbiter: self.when_ready())

    def load(self):
        """Return what to serve."""
        return get_wsgi_application()

    def run(self):
        """Serve until a signal ends it."""
        Foreground(self).run()


class Foreground(Arbiter):
    """A master that goes with whoever started it: with `make` that is killed, or a terminal that is closed."""

    def __init__(self, app):
        super().__init__(app)
        self.parent = os.getppid() if os.environ.get("MAKELEVEL") else None
        self.asked_to_stop_at = None

    def init_signals(self):
        """Take a closed terminal for an end, except under `nohup`."""
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().init_signals()
        if ignored:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def stop(self, graceful=True):
        """Stop the workers."""
        self.asked_to_stop_at = time.monotonic()
        super().stop(graceful)

    def reap_workers(self):
        """Tell workers again each second that they stop: a signal that arrives during the fork itself is lost."""
        super().reap_workers()
        if self.asked_to_stop_at and time.monotonic() > self.asked_to_stop_at + 1:
            self.asked_to_stop_at = time.monotonic()
            self.kill_workers(signal.SIGTERM)

    handle_hup = Arbiter.handle_term

    def maybe_promote_master(self):
        """Look, once a second, whether the parent is still there."""
        super().maybe_promote_master()
        if self.parent not in (None, os.getppid()):
            raise StopIteration


def _static_files_digest():
    """Return a digest of all that `collectstatic` would read, by content: dates change with each checkout."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"\0{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def _first_line(error):
    return str(error).strip().split("\n", 1)[0]
