"""A process that merges two groups, each time in a fork that stops before and after each statement to be killed there.

    python -m tests.directory.merging_child KEEP LOSE USER

For each line that it reads it forks. The fork tells its process number, and then each moment, and waits for a line.
"""

import os
import re
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfhelp.settings")


def tell(what):
    """Write a line to whoever started this."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def stop(what):
    """Tell where the merge stands, and wait for a line."""
    tell(what)
    if not sys.stdin.readline():
        os._exit(1)


def statement(execute, sql, params, many, context):
    """Run one statement, with a stop before the database gets it and one after it has answered."""
    words = " ".join(re.findall(r"\w+", sql)[:4])
    stop(f"before {words}")
    result = execute(sql, params, many, context)
    stop(f"after {words}")
    return result


def merge_once(keep, lose, user):
    """Merge the two groups, all that the one has into the other."""
    from django.contrib.auth.models import User
    from django.db import connection

    from directory.merging import merge
    from groups.models import Group

    keep, lose = Group.objects.get(pk=keep), Group.objects.get(pk=lose)
    choices = {"name": "lose", "topics": "both", "meetings": list(lose.meetings.values_list("pk", flat=True))}
    choices["contacts"] = list(lose.contacts.values_list("pk", flat=True))
    by = User.objects.get(pk=user)
    with connection.execute_wrapper(statement):
        merge(keep, lose, choices, by=by)
    stop("after COMMIT")


def main():
    """Fork for each line, and tell how each fork ended."""
    django.setup()
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            tell(os.getpid())
            merge_once(*map(int, sys.argv[1:4]))
            os._exit(0)
        _child, status = os.waitpid(child, 0)
        tell(f"ended {status}")


if __name__ == "__main__":
    main()
