"""Says where the site is and who may sign in, as soon as it answers."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence

from portal.demo.people import PASSWORD, DemoPerson


class Announcer:
    """Waits for the first answer beside the supervisor's loop, and speaks once from within it."""

    def __init__(self, host: str, port: int, path: str, host_name: str) -> None:
        self._address = (host, port)
        self._path = path
        self._headers = {"Host": host_name}
        self._answered = threading.Event()
        self._spoken = False
        threading.Thread(target=self._wait, name="first answer", daemon=True).start()

    def ready_to_speak(self) -> bool:
        """True exactly once, when the site has answered."""
        if self._spoken or not self._answered.is_set():
            return False
        self._spoken = True
        return True

    def _wait(self) -> None:
        while not self._answered.is_set():
            connection = http.client.HTTPConnection(*self._address, timeout=30)
            try:
                connection.request("GET", self._path, headers=self._headers)
                connection.getresponse().read()
                self._answered.set()
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
            finally:
                connection.close()


def welcome(site_name: str, addresses: Sequence[str], people: Sequence[DemoPerson]) -> list[str]:
    """The lines of the box: where the site is, and who may sign in to the demo."""
    lines = [f"{site_name} is running at", *(f"    {address}" for address in addresses)]
    if people:
        longest = max(len(person.email) for person in people)
        lines += ["", f"Sign in to the demo with the password  {PASSWORD}  as"]
        lines += [f"    {person.email.ljust(longest)}   {person.who}" for person in people]
    if people and not all("127.0.0.1" in address or "[::1]" in address for address in addresses):
        lines += ["", "Everybody who reaches this address can sign in to the demo as well."]
    return [*lines, "", "Ctrl-C stops everything; the next start finds the same data."]
