"""Whatever happens to placements in whatever order, no seat is claimed that is not free, and every claim ends."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from data.store import ending, life, waitlist
from data.store.change import Change, Store
from data.store.database import Database
from data.store.errors import Refused, Taken, Unfit
from data.store.keys import Keys
from data.store.life import act
from data.store.placements import Placement, placement
from data.store.reports import report
from data.store.tables import claims, placements, pools
from data.store.upgrade import upgrade
from data.store.words import CLAIMING, LIFE, Act, PlacementState
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text

from ..soak import FULL, size
from .ledgers import CALLERS, SEATS, SECRET, Clock, hold, seeded, wanted

POOLS = st.sampled_from([("seats/a/1",), ("seats/a/2",), ("seats/a/2", "starts/a"), ("seats/a/1", "seats/a/2")])
STEPS = 50


class Ledger(RuleBasedStateMachine):
    """One ledger and its clock. After every step the books agree with what is known of each placement."""

    @initialize()
    def begin(self) -> None:
        """Begin with two facilities and their seats."""
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")
        upgrade(self.database)
        self.store = Store(self.database, Keys.of(SECRET), self.clock)
        seeded(self.store)
        self.known: list[str] = []

    @rule(number=st.integers(0, CALLERS - 1), names=POOLS)
    def hold(self, number: int, names: tuple[str, ...]) -> None:
        """Hold for somebody: kept where all is free and they have nothing yet, else refused."""
        free, busy = all(self.free(name) > 0 for name in names), self.active(f"r{number}")
        try:
            self.known.append(hold(self.store, number, *names).placement_id)
        except Taken:
            assert not free
        except Unfit:
            assert busy
        else:
            assert free
            assert not busy

    @rule(number=st.integers(0, CALLERS - 1), names=POOLS, tier=st.integers(0, 3))
    def wait(self, number: int, names: tuple[str, ...], tier: int) -> None:
        """Let somebody wait; nobody in the same second as another, which chance would decide."""
        self.clock.now += 1

        def work(change: Change) -> None:
            change.take("a")
            waitlist.join(change, wanted(number, *names), tier)

        with suppress(Unfit):
            self.store.write("advisor", work)

    @precondition(lambda self: self.every())
    @rule(data=st.data(), what=st.sampled_from(list(Act)))
    def act(self, data: st.DataObject, what: Act) -> None:
        """Do anything to any placement: it happens where its life and the clock allow it, and only there."""
        every = self.every()
        one = data.draw(st.sampled_from([one for one in every if one.state in CLAIMING] * 3 + every))
        over = one.expires_at is not None and one.expires_at <= self.clock.now
        allowed = (one.state, what) in LIFE and (what is Act.EXPIRE) <= over
        allowed &= not (over and what in (Act.HOLD, Act.EXTEND, Act.CONFIRM))
        allowed &= not (what is Act.EXTEND and one.extended)
        reason = data.draw(st.sampled_from(["not-ready", "full", "too-far"])) if what is Act.DECLINE else None
        try:
            after = self.store.write("advisor", lambda change: act(change, one.placement_id, what, reason))
        except Refused:
            assert not allowed
        else:
            assert allowed, f"{what} happened to a placement that was {one.state}"
            assert after.state is LIFE[one.state, what]

    @rule(name=st.sampled_from(list(SEATS)), number=st.integers(0, 3))
    def report(self, name: str, number: int) -> None:
        """Report seats, also fewer than are promised."""
        self.store.write("facility", lambda change: report(change, name, number))

    @rule(minutes=st.integers(0, 40))
    def wait_a_while(self, minutes: int) -> None:
        """Let time pass; what is over ends by itself, and what is free is offered."""
        self.clock.pass_minutes(minutes)
        ending.end_due(self.store)
        ending.offer_free(self.store)

    @invariant()
    def books_agree(self) -> None:
        """Claims are those of the placements that claim, and nobody who waits has an active placement twice."""
        if not hasattr(self, "store"):
            return
        with self.database.read() as connection:
            made = dict(connection.execute(select(pools.c.pool_id, pools.c.claims)).all())
            open_claims = (
                select(claims.c.pool_id, func.sum(claims.c.draws))
                .join(placements, placements.c.placement_id == claims.c.placement_id)
                .where(placements.c.state.in_(CLAIMING), claims.c.ended_at.is_(None))
                .group_by(claims.c.pool_id)
            )
            found = dict(connection.execute(open_claims).all())
            left = connection.execute(
                select(func.count())
                .select_from(claims)
                .join(placements, placements.c.placement_id == claims.c.placement_id)
                .where(placements.c.state.not_in(CLAIMING), claims.c.ended_at.is_(None))
            ).scalar_one()
        assert made == {name: found.get(name, 0) for name in made}
        assert left == 0

    def teardown(self) -> None:
        """Every claim ends: offers and holds by themselves, confirmed ones by a word."""
        if not hasattr(self, "store"):
            return
        for _ in range(CALLERS * 4):
            self.clock.pass_minutes(31)
            ending.end_due(self.store)
            for one in self.every():
                if one.state is PlacementState.CONFIRMED:
                    self.store.write("advisor", lambda change, name=one.placement_id: act(change, name, Act.RELEASE))  # type: ignore[misc]
            if not any(one.state in CLAIMING for one in self.every()):
                break
            self.drop_out()
        assert not [one for one in self.every() if one.state in CLAIMING]
        self.database.close()
        self.folder.cleanup()

    def drop_out(self) -> None:
        """Let everybody who waits leave, so that nothing is offered any more."""
        with self.database.read() as connection:
            names = [entry.entry_id for site in ("a/1", "a/2") for entry in waitlist.queue(connection, site)[0]]
        for name in names:
            with suppress(Refused):
                self.store.write("advisor", lambda change, name=name: waitlist.leave(change, name))  # type: ignore[misc]

    def free(self, name: str) -> int:
        """What is free of a pool."""
        with self.database.read() as connection:
            row = connection.execute(select(pools.c.reported, pools.c.claims).where(pools.c.pool_id == name)).one()
        return max(0, int(row.reported) - int(row.claims))

    def active(self, referral_id: str) -> bool:
        """Whether a referral has an active placement."""
        return any(one.referral_id == referral_id and one.state in CLAIMING for one in self.every())

    def every(self) -> list[Placement]:
        """Every placement there is, first made first."""
        with self.database.read() as connection:
            order = select(placements.c.placement_id).order_by(text("rowid"))  # ids are chance, the order is not
            return [placement(connection, name) for name in connection.execute(order).scalars()]


def run(examples: int = size(8, 400), shrinks: bool = True) -> None:
    """Take steps: 20,000 in the long run. The short run takes the same steps every time."""
    few = settings(
        max_examples=examples,
        derandomize=not FULL,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ledger, settings=few)


def test_no_claim_without_a_free_seat_and_every_claim_ends() -> None:
    run()


def test_an_expiry_that_does_not_look_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a hold is ended without asking whether its time has run out."""
    looks = life._following

    def careless(change: Change, before: Placement, what: Act) -> PlacementState:
        following = LIFE.get((before.state, what))
        return following if following is not None and what is Act.EXPIRE else looks(change, before, what)

    monkeypatch.setattr(life, "_following", careless)
    with pytest.raises(AssertionError, match="expire happened to a placement that was"):
        run(40, shrinks=False)
