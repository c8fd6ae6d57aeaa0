"""The jobs of a reassignment: a plan is worked out; what is chosen of it is judged anew and carried out one by one."""

from collections.abc import Mapping, Sequence
from functools import partial

from data.encode_caller import CallerError
from data.store import ending, moving, reassignments
from data.store.change import Change, Store
from data.store.database import Database
from data.store.errors import Busy, Refused, Taken
from data.store.keys import Keys
from data.store.placements import Wanted
from data.store.proposing import work_out
from data.store.reassignments import Move, Reassignment
from data.store.referrals import sealed_cells
from data.store.together import Draws, Names, together
from data.store.words import MoveState, ReassignmentState
from matcher.problem import Directory
from matcher.records import Rows

from .apart import apart
from .held import Held, Holder
from .placed import HoldBody
from .placements import known, to_be_promised
from .seen import CLOCK, seen
from .wanting import Judged, judged, way_of


def propose(store: Store, holder: Holder, reassignment_id: str) -> None:
    """Work out the plan of a reassignment that was asked for; where that fails, it says so. Raises ``Busy``."""
    one = _begun(store, reassignment_id, ReassignmentState.ASKED)
    if one is None:
        return
    sweep = holder.held.sweep
    try:
        with seen(store, reassignment_id):
            apart(_work_out, store.database.url, store.keys, one, sweep.directory, sweep.policy)
    except Busy:
        raise
    except Exception:
        store.write(one.asked_by, partial(_fail, reassignment_id=reassignment_id))
        raise


def _work_out(url: str, keys: Keys, one: Reassignment, directory: Directory, policy: Rows) -> None:
    work_out(Store(Database(url), keys), one, directory, policy, way_of)


def apply(store: Store, holder: Holder, reassignment_id: str) -> None:
    """Carry out what was chosen, each move in a transaction of its own; what is freed then is offered. Raises ``Busy``.

    A move that finds no room waits for the others, of which one may make room for it; moves that wait for each other
    are carried out together.
    """
    one = _begun(store, reassignment_id, ReassignmentState.APPLYING)
    if one is None:
        return
    by = one.chosen_by or one.asked_by
    with store.database.read() as connection:
        left = reassignments.moves_of(connection, reassignment_id, (MoveState.CHOSEN,))
    with seen(store, reassignment_id):
        left = _one_by_one(store, holder, by, left)
        while len(rest := _all_at_once(store, holder, by, left)) < len(left):
            left = _one_by_one(store, holder, by, rest)
        for move in left:
            store.write(by, partial(reassignments.refuse, move=move, code="taken"))
    store.write(by, partial(reassignments.applied, reassignment_id=reassignment_id))
    ending.offer_free(store, CLOCK)


def _begun(store: Store, reassignment_id: str, state: ReassignmentState) -> Reassignment | None:
    return store.write(CLOCK, partial(reassignments.begin, reassignment_id=reassignment_id, state=state))


def _fail(change: Change, reassignment_id: str) -> None:
    one = reassignments.reassignment(change.connection, reassignment_id, lock=True)
    reassignments.fail(change, one, "failed")


def _one_by_one(store: Store, holder: Holder, by: str, left: list[Move]) -> list[Move]:
    """Carry moves out one by one, as long as one makes room for another; return those that find none."""
    while left:
        full = [move for move in left if not _carried_out(store, holder.held, by, move)]
        if len(full) == len(left):
            break
        left = full
    return left


def _all_at_once(store: Store, holder: Holder, by: str, left: list[Move]) -> list[Move]:
    """Carry out together what waits for each other; return what finds no room even so."""
    tried, wants = set[Names](), _wants(store, holder.held, left)
    while some := _dependent(store, wants, left, tried):
        tried.add(frozenset(move.referral_id for move in some))
        left = [move for move in left if move not in some]
        if not _carried_out_together(store, holder.held, by, some):
            # Who holds the others up for another reason than room is refused alone, and for that reason.
            left += _one_by_one(store, holder, by, some)
    return left


def _wants(store: Store, held: Held, left: Sequence[Move]) -> dict[str, Draws]:
    """What each move needs, by referral; those that cannot be judged go with no others."""
    found: dict[str, Draws] = {}
    for move in left:
        try:
            found[move.referral_id] = _judged(store, held, move).draws()
        except Busy:
            raise
        except (Refused, CallerError):
            continue
    return found


def _dependent(store: Store, wants: Mapping[str, Draws], left: Sequence[Move], tried: set[Names]) -> list[Move]:
    needed = [(move, wants[move.referral_id]) for move in left if move.referral_id in wants]
    with store.database.read() as connection:
        return together(connection, needed, tried)


def _carried_out_together(store: Store, held: Held, by: str, some: Sequence[Move]) -> bool:
    """Carry out all these moves, each judged anew, or none. Raises ``Busy``."""
    try:
        each = [(move, _judged(store, held, move)) for move in some]
        store.write(by, partial(_swap, each=each))
    except Busy:
        raise
    except (Refused, CallerError):
        return False
    return True


def _carried_out(store: Store, held: Held, by: str, move: Move) -> bool:
    """Carry a move out, or refuse it for good; False where it only finds no room now. Raises ``Busy``."""
    try:
        one = _judged(store, held, move)
        store.write(by, partial(_move, move=move, one=one))
    except (Busy, Taken) as refused:
        if isinstance(refused, Busy):
            raise
        return False
    except (Refused, CallerError) as refused:
        code = refused.code if isinstance(refused, Refused) else "caller"
        store.write(by, partial(reassignments.refuse, move=move, code=code))
    return True


def _judged(store: Store, held: Held, move: Move) -> Judged:
    with store.database.read() as connection:
        seal, cells = sealed_cells(connection, store.keys, move.referral_id)
    return judged(held, seal, known(cells), move.after)


def _move(change: Change, move: Move, one: Judged) -> None:
    _swap(change, [(move, one)])


def _swap(change: Change, each: Sequence[tuple[Move, Judged]]) -> None:
    """Carry out moves in one transaction, all or none."""
    moving.take(change, [move for move, _ in each], {name for _, one in each for name in one.facilities})
    moving.carry_out(change, [(move, _wanted(change, move, one)) for move, one in each])


def _wanted(change: Change, move: Move, one: Judged) -> Wanted:
    return to_be_promised(change, one, HoldBody(referral_id=move.referral_id, opening_id=move.after), None)
