"""Who lives in the demo, and how to sign in as them."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Role

PASSWORD = "atelier-demo"  # noqa: S105  # shown to everybody who starts the demo


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo; `who` explains them in the box that `make run` prints."""

    email: str
    name: str
    language: str
    role: Role
    who: str


UMA = DemoPerson("uma@lantern.example", "Uma Lindqvist", "en", Role.USER, "designer at Lantern")
LIWEI = DemoPerson("liwei@lantern.example", "李薇", "zh-hans", Role.USER, "设计师，灯笼设计")
RITA = DemoPerson("rita@lantern.example", "Rita Novak", "en", Role.REVIEWER, "reviewer at Lantern")
CHEN = DemoPerson("chensi@lantern.example", "陈思", "zh-hans", Role.REVIEWER, "审核员，灯笼设计")
ADA = DemoPerson(
    "ada@lantern.example", "Ada Osei", "en", Role.ADMIN, "admin of Lantern, operates the site"
)
MALLORY = DemoPerson(
    "mallory@harbour.example", "Mallory Reed", "en", Role.ADMIN, "admin of Harbour"
)
NOOR = DemoPerson("noor@harbour.example", "Noor Haddad", "en", Role.REVIEWER, "reviewer at Harbour")

LANTERN_PEOPLE = (UMA, LIWEI, RITA, CHEN, ADA)
HARBOUR_PEOPLE = (MALLORY, NOOR)
PEOPLE = (*LANTERN_PEOPLE, *HARBOUR_PEOPLE)
