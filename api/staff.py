"""The commands that let people and programs in: a user with a password, a token of a facility; and their end."""

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from data.findings import InputError
from data.wording import counted

from .options import out
from .stored import BY, HERE, Url, a_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.store.change import Change
    from data.store.words import Role

T = TypeVar("T")
PASSWORD = "MATCHER_PASSWORD"
DAY = 86_400

RoleName = Annotated[str, typer.Option("--role", help="advisor, facility, supervisor or system.")]
Facility = Annotated[str | None, typer.Option("--facility", help="Of the role facility: the id of the facility.")]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar=PASSWORD,
        help="Asked for unless in the environment.",
    ),
]


def add(
    login: Annotated[str, typer.Argument(help="Name to sign in with.")],
    password: Password,
    role: RoleName = "advisor",
    facility: Facility = None,
    url: Url = HERE,
) -> None:
    """Let a person sign in."""
    from data.store.users import add_user

    found = _role(role)
    user_id = _written(url, lambda change: add_user(change, login, password, found, facility))
    out.print(f"{login} may sign in as {found}; user {user_id}.", highlight=False, markup=False)


def renew(
    login: Annotated[str, typer.Argument(help="Name the person signs in with.")],
    password: Password,
    url: Url = HERE,
) -> None:
    """Give a person a new password: their sessions end, and they may sign in again whatever was tried before."""
    from data.store.users import set_password, user_of

    _written(url, lambda change: set_password(change, user_of(change.connection, login), password))
    out.print(f"{login} has a new password.", highlight=False, markup=False)


def token(
    role: RoleName = "facility",
    facility: Facility = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days till it is over.")] = 365,
    url: Url = HERE,
) -> None:
    """Print a token for a program: of a facility, or of the system. It is kept nowhere, and can be ended."""
    from data.store.users import issue

    found = _role(role)
    made = _written(url, lambda change: issue(change, found, change.now + days * DAY, facility))
    typer.echo(made.token)


def revoke(
    owner: Annotated[str, typer.Argument(help="Id of the user or the token's owner.")],
    url: Url = HERE,
) -> None:
    """End every session and token of a user or a program."""
    from data.store.users import revoke as ended

    number = _written(url, lambda change: ended(change, owner))
    out.print(f"Over for {owner}: {counted(number, 'session or token')}.", highlight=False, markup=False)


def end(login: Annotated[str, typer.Argument(help="Name the person signs in with.")], url: Url = HERE) -> None:
    """Let a person sign in no more, and end their sessions; the login stays theirs."""
    from data.store.users import end_user, user_of

    _written(url, lambda change: end_user(change, user_of(change.connection, login)))
    out.print(f"{login} may sign in no more.", highlight=False, markup=False)


def _role(name: str) -> "Role":
    from data.store.words import Role

    if name not in list(Role):
        raise InputError(f"--role {name!r} is no role; allowed: {', '.join(Role)}")
    return Role(name)


def _written(url: str, work: "Callable[[Change], T]") -> T:
    with a_store(url) as ledger:
        return ledger.write(BY, work)
