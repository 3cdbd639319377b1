"""Written down by the database itself: every moment at which more ran than a policy allows."""

from __future__ import annotations

from django.db import connection

_JOBS = "generation_generationjob"
_RUNNING = f"""
    SELECT job.id, job.created_by_id, project.organization_id
    FROM {_JOBS} job JOIN accounts_project project ON project.id = job.project_id
    WHERE job.status = 'running'
"""
_TOO_MANY = f"""
    SELECT policy.organization_id FROM generation_organizationpolicy policy
    WHERE policy.max_running < (
        SELECT COUNT(*) FROM ({_RUNNING}) r WHERE r.organization_id = policy.organization_id)
    OR policy.max_people_running < (
        SELECT COUNT(DISTINCT r.created_by_id) FROM ({_RUNNING}) r
        WHERE r.organization_id = policy.organization_id)
    OR policy.max_running_per_person < (
        SELECT MAX(n) FROM (
            SELECT COUNT(*) AS n FROM ({_RUNNING}) r
            WHERE r.organization_id = policy.organization_id GROUP BY r.created_by_id) counts)
"""


def watch_caps() -> None:
    """From now on every job that starts is checked, inside the transaction that starts it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE caps_exceeded (organization_id bigint)")
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER caps_watch AFTER UPDATE OF status ON {_JOBS} "
                f"WHEN NEW.status = 'running' BEGIN INSERT INTO caps_exceeded {_TOO_MANY}; END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION caps_watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"INSERT INTO caps_exceeded {_TOO_MANY}; RETURN NULL; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER caps_watch AFTER UPDATE OF status ON {_JOBS} FOR EACH ROW "
                "WHEN (NEW.status = 'running') EXECUTE FUNCTION caps_watch()"
            )


def times_exceeded() -> int:
    """How often a cap was passed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM caps_exceeded")
        return int(cursor.fetchone()[0])


def stop_watching() -> None:
    """Leave the database as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER IF EXISTS caps_watch"
            + ("" if connection.vendor == "sqlite" else f" ON {_JOBS}")
        )
        if connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION IF EXISTS caps_watch()")
        cursor.execute("DROP TABLE IF EXISTS caps_exceeded")
