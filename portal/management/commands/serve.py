"""`manage.py serve`: the whole site on one machine, in the foreground. `make run` ends up here."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal.demo.people import PEOPLE
from portal.embedded_redis import RedisMissing, wait_until_ready
from portal.running import cast, preparing
from portal.running.announcing import Announcer, welcome
from portal.running.listening import AddressTaken, browser_addresses, listen
from portal.running.output import Output
from portal.running.supervisor import Supervisor
from portal.settings.addresses import WILDCARDS, own_addresses


class Command(BaseCommand):
    """Prepares the data, starts web, workers, dispatcher and Redis, and stops them together."""

    help = "Run the whole site on this machine until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; refuse with a sentence where that is not possible."""
        output = Output()
        # What preparing does is said in a few lines; the pictures of the demo are no news.
        logging.disable(logging.INFO)
        try:
            preparing.require_space(Path(settings.DATA_DIR))
            with listen(settings.BIND, settings.PORT) as listening:
                lock = preparing.lock(Path(settings.DATA_DIR), output.say)
                self._run(Supervisor(output), listening, lock)
        except (preparing.NotReady, AddressTaken, RedisMissing) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _run(self, supervisor: Supervisor, listening: socket.socket, lock: int) -> None:
        say = supervisor.output.say
        supervisor.take_signals()
        try:
            if cast.brings_its_own_redis():
                supervisor.start(cast.redis(lock))
            wait_until_ready(settings.REDIS_URL)
            preparing.build(say)
            preparing.migrate(say)
            preparing.index(say)
            preparing.fill(say)
            for plan in (
                *cast.workers(lock),
                cast.dispatcher(lock),
                cast.archivist(lock),
                *cast.web(listening.fileno(), lock),
            ):
                supervisor.start(plan)
            self._watch(supervisor)
        except KeyboardInterrupt:
            pass
        finally:
            say("Stopping ...")
            supervisor.stop_all()
            os.close(lock)
            say("Stopped.")

    def _watch(self, supervisor: Supervisor) -> None:
        host = "127.0.0.1" if settings.BIND in WILDCARDS else settings.BIND
        name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
        # A page that everybody may see; the site's health is still poor while a model loads.
        announcer = Announcer(host, settings.PORT, reverse("account_login"), name)

        def announce() -> None:
            if announcer.ready_to_speak():
                addresses = browser_addresses(settings.BIND, settings.PORT, own_addresses())
                people = PEOPLE if settings.DEMO else ()
                supervisor.output.box(welcome(settings.SITE_NAME, addresses, people))

        supervisor.watch(announce)
