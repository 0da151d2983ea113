"""The planted bugs: each of a kind that real teams have shipped, and the tests that should not let it pass."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_APPLICATION, _MODEL, _DYNAMODB = "domain/application", "domain/model", "functions/adapter/out/dynamodb"
_BOOK, _LMSR = f"{_MODEL}/trading/book.py", f"{_MODEL}/trading/lmsr.py"
_BOOK_COUNTERS = '@record("book", key=("slug",), counters=("version", "revision"))'
_MAILBOX, _MAILBOX_TESTS = f"{_DYNAMODB}/mailbox", "tests/integration/dynamodb/test_mailbox.py"
_DELIVER, _WEBHOOK_TESTS = (
    f"{_APPLICATION}/webhooks/deliver_webhook.py",
    "tests/unit/application/test_deliver_webhook.py",
)
_SETTLE = f"{_APPLICATION}/settlement/settle_positions.py"
_SETTLE_TESTS = "tests/unit/application/test_settle_positions.py"
_EVENT_TESTS = "tests/unit/application/test_list_events.py"
_UNIT = "tests/unit"
_CONTRACT = "tests/contract"
_RECORD_TESTS = "tests/unit/application/test_records.py"
_APPEAL_TESTS = "tests/unit/application/test_withdraw_resolution.py"
_FORGET_TESTS = "tests/unit/application/test_forget_account.py"


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement of text in a file; what is replaced must be there just once."""

    path: str
    old: str
    new: str

    def source(self, tree: Path = ROOT) -> str:
        """The file as it is."""
        return (tree / self.path).read_text()


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug.

    Args:
        name: what it is, in the words of the table.
        changes: how it is planted.
        tests: what pytest runs to kill it, the lowest layer that can.
        is_simulated: whether the simulation runs the code that it is planted in.
    """

    name: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]
    is_simulated: bool = True


class StaleMutantError(Exception):
    """The code that a mutant changes is not there any more: the mutant has to be brought up to date."""


def plant(mutant: Mutant, tree: Path) -> None:
    """Change a copy of the sources.

    Raises:
        StaleMutantError: a change does not apply just once.
    """
    for change in mutant.changes:
        text = change.source(tree)
        if text.count(change.old) != 1:
            raise StaleMutantError(f"{mutant.name!r}: {change.path} has {text.count(change.old)} times {change.old!r}")
        (tree / change.path).write_text(text.replace(change.old, change.new))


MUTANTS = (
    Mutant(
        "the balance guard is missing",
        (Change(f"{_MODEL}/ledger/account.py", "if balance.amount < 0:", "if balance.amount < -(10**15):"),),
        (f"{_UNIT}/model/test_account.py",),
    ),
    Mutant(
        "credits are read, changed and written back without a condition",
        (
            Change(
                f"{_MODEL}/ledger/account.py",
                '@record("account", key=("id",), counters=("seq", "revision"), ',
                '@record("account", key=("id",), counters=("markets_held", "revision"), ',
            ),
            Change(
                f"{_DYNAMODB}/records.py",
                "            case Insert(record):\n",
                "            case Insert(record) if type_of(type(record)).in_ledger:\n"
                "                table = self._gateway.tables.ledger\n"
                '                return [{"Put": {"TableName": table, "Item": to_item(record)}}]\n'
                "            case Insert(record):\n",
            ),
        ),
        (f"{_CONTRACT}/test_conditional_writes.py", "-k", "simulated"),
    ),
    Mutant(
        "a lost answer is taken for a refusal",
        (
            Change(
                "functions/adapter/out/optimistic.py",
                "is_in_doubt = is_in_doubt or isinstance(outcome, OutcomeUnknown)",
                "is_in_doubt = False",
            ),
        ),
        (f"{_UNIT}/adapter/test_optimistic.py",),
    ),
    Mutant(
        "a lost answer of DynamoDB is taken for a failed condition",
        (
            Change(
                f"{_DYNAMODB}/gateway.py",
                "raise TransactionInDoubtError from error\n\n    async def _collect",
                "raise TransactionRefusedError(range(len(writes))) from error\n\n    async def _collect",
            ),
        ),
        ("tests/integration/dynamodb/test_errors.py",),
    ),
    Mutant(
        "a retry keeps the price of the first attempt",
        (
            Change(
                f"{_APPLICATION}/trading/place_order.py",
                "    fill = price_order(book, request.terms, now)\n    _, id_ =",
                "    fill = price_order(book, request.terms, now)\n"
                "    fill = decide_order.__dict__.setdefault(request, fill)\n    _, id_ =",
            ),
        ),
        (f"{_UNIT}/application/test_place_order.py",),
    ),
    Mutant(
        "an idempotency key is not bound to its request",
        (
            Change(
                f"{_MODEL}/kernel/command.py",
                "if command.fingerprint not in {RECOVERED, fingerprint}:",
                "if not command.fingerprint:",
            ),
        ),
        (f"{_UNIT}/model/test_command.py",),
    ),
    Mutant(
        "a repetition does not look for its command",
        (
            Change(
                f"{_APPLICATION}/shared/commands.py",
                "if reply := recall(view):\n            return Outcome(reply)\n",
                "pass\n",
            ),
        ),
        (f"{_UNIT}/application/test_idempotent_writes.py",),
    ),
    Mutant(
        "settlement marks positions as settled before it pays them",
        (
            Change(
                _SETTLE,
                "        return await self._store.transact([tally, *positions, *accounts], decide)\n",
                "        def mark(view: View, now: datetime) -> Decision[None]:\n"
                "            decided = decide(view, now)\n"
                "            paying = (Account, JournalEntry)\n"
                "            marks = [c for c in decided.changes if type(getattr(c, 'record', c)) not in paying]\n"
                "            return Outcome(None, tuple(marks))\n\n"
                "        def pay(view: View, now: datetime) -> Decision[int]:\n"
                "            found = [position for key in positions if (position := before.get(key))]\n"
                "            changes = [c for each in found for c in _settle(book, resolution, each, view, now)]\n"
                "            return Outcome(len(found), tuple(c for c in changes if not isinstance(c, Remove)))\n\n"
                "        before = await self._store.read(*positions)\n"
                "        await self._store.transact([tally, *positions, *accounts], mark)\n"
                "        return await self._store.transact([*accounts], pay)\n",
            ),
            Change(
                _SETTLE,
                "import EntryKind, pool_of\n",
                "import EntryKind, JournalEntry, pool_of\n",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "a paid position stays, and a second ring pays it again",
        (
            Change(
                _SETTLE,
                "    return [Remove(read=position), Replace(movement.account, read=account), Insert(movement.entry)]\n",
                "    return [Replace(movement.account, read=account), Insert(movement.entry)]\n",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "closing is checked outside the transaction",
        (Change(_BOOK, _BOOK_COUNTERS, '@record("book", key=("slug",), counters=("version",))'),),
        (f"{_CONTRACT}/test_conditional_writes.py", "-k", "simulated"),
    ),
    Mutant(
        "the book's version is no condition of a trade",
        (Change(_BOOK, _BOOK_COUNTERS, '@record("book", key=("slug",), counters=("revision",))'),),
        (f"{_CONTRACT}/test_conditional_writes.py", "-k", "simulated"),
    ),
    Mutant(
        "the closing time is not looked at",
        (
            Change(
                f"{_MODEL}/trading/book.py",
                "status = effective_status(book.status, book.closes_at, now)",
                "status = effective_status(book.status, None, now)",
            ),
        ),
        (f"{_UNIT}/model/test_book.py",),
    ),
    Mutant(
        "floor and ceiling are swapped",
        (
            Change(_LMSR, "(value + MARGIN).to_integral_value(ROUND_CEILING)", "(value).__floor__()"),
            Change(_LMSR, "(value - MARGIN).to_integral_value(ROUND_FLOOR)", "(value).__ceil__()"),
        ),
        (f"{_UNIT}/model/test_lmsr.py",),
    ),
    Mutant(
        "the list of holders is trusted although it trails",
        (
            Change(
                f"{_MODEL}/settlement/settlement.py",
                "    return (\n        settled == book.holders and quantities == book.quantities and spent == "
                "subtract_money(book.pool, book.subsidy)\n    )\n",
                "    return True\n",
            ),
        ),
        (f"{_UNIT}/model/test_settlement.py",),
    ),
    Mutant(
        "a refund is not scaled to what the pool has",
        (
            Change(
                f"{_MODEL}/settlement/settlement.py",
                "return stake * min(collected, book.staked.amount) // book.staked.amount if book.staked.amount else 0",
                "return stake",
            ),
        ),
        (f"{_UNIT}/model/test_settlement.py",),
    ),
    Mutant(
        "the creator gets the whole subsidy back",
        (
            Change(
                f"{_MODEL}/settlement/settlement.py",
                "return subtract_money(book.pool, sum_money(tally.paid for tally in tallies))",
                "return book.subsidy",
            ),
        ),
        (f"{_UNIT}/model/test_settlement.py",),
    ),
    Mutant(
        "more shares can be sold than are held",
        (
            Change(
                f"{_MODEL}/trading/position.py",
                "if not is_purchase and quantity > held:",
                "if not is_purchase and held == 0:",
            ),
        ),
        (f"{_UNIT}/model/test_position.py",),
    ),
    Mutant(
        "a trade's digest does not cover the one before",
        (Change(f"{_MODEL}/trading/trade.py", 'f"{previous}\\n{canonical_json', 'f"\\n{canonical_json'),),
        (f"{_UNIT}/model/test_trade.py",),
    ),
    Mutant(
        "a lost ring is never rung again",
        (
            Change(
                f"{_APPLICATION}/settlement/ring_stale.py",
                "                await self._doorbell.ring([Ring(market.slug, occasion) for market in due])\n",
                "                pass\n",
            ),
        ),
        (f"{_UNIT}/application/test_ring_stale.py",),
    ),
    Mutant(
        "one machine answers before the trade is on disk",
        (
            Change(
                "functions/adapter/out/sqlite/writer.py",
                "                job.do(connection)\n",
                "                job.do(connection)\n                job.tell()\n",
            ),
        ),
        ("tests/integration/sqlite/test_database.py",),
        is_simulated=False,
    ),
    Mutant(
        "half of a batch that a signal broke off is committed",
        (
            Change(
                "functions/adapter/out/sqlite/handover.py",
                'Exception | None = RuntimeError("the work was broken off in the middle")',
                "Exception | None = None",
            ),
        ),
        ("tests/integration/sqlite/test_handover.py",),
        is_simulated=False,
    ),
    Mutant(
        "a batch is written twice, by the loop and by the writer",
        (
            Change(
                "functions/adapter/out/sqlite/handover.py",
                "        if not self._is_taken.acquire(blocking=False):\n            return\n",
                "",
            ),
        ),
        ("tests/integration/sqlite/test_handover.py",),
        is_simulated=False,
    ),
    Mutant(
        "a leader carries out what is past its deadline in the mailbox",
        (Change(f"{_MAILBOX}/leader.py", "if mail.deadline <= now:", "if mail.deadline <= 0:"),),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a message leaves the mailbox after its transaction and not in it",
        (
            Change(f"{_MAILBOX}/leader.py", "changes = (*changes, Remove(mail))", "changes = (*changes,)"),
            Change(
                f"{_MAILBOX}/leader.py",
                "            is_committed, ahead = await self._commit(round_)\n",
                "            is_committed, ahead = await self._commit(round_)\n"
                "            for mail in round_.waiting if is_committed else ():\n"
                "                await self._tools.postbox.take_back(mail)\n",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a leader of a mailbox answers before its transaction is written",
        (
            Change(
                f"{_MAILBOX}/leader.py",
                "view = round_.workspace if is_committed else Snapshot(round_.found)",
                "view = round_.workspace",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a leader goes on with what follows from a transaction that was not written",
        (
            Change(
                f"{_MAILBOX}/leader.py",
                "uniform(0, longest))\n        return False, None\n",
                "uniform(0, longest))\n        return False, ahead\n",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a mailbox takes messages that would wait in vain",
        (Change(f"{_MAILBOX}/postbox.py", "return len(waiting) >= enough", "return len(waiting) > enough"),),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a twin in the mailbox is told that it was carried out itself",
        (Change(f"{_MAILBOX}/store.py", "is_in_doubt=not is_twin", "is_in_doubt=True"),),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "one busy account holds up a whole mailbox",
        (Change(f"{_MAILBOX}/leader.py", "if self._own.subject not in failed:", "if not failed:"),),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a refusal in the mailbox is remembered by nobody",
        (
            Change(
                f"{_APPLICATION}/shared/commands.py",
                "return Outcome(None, (remember(slot, idempotency, Refusal.of(refusal), now),))",
                "return Outcome(None) if refusal else None",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "whoever gives up leaves its message in the mailbox",
        (
            Change(
                f"{_MAILBOX}/store.py",
                "if not await self._tools.postbox.take_back(mail):",
                "if mail.deadline:",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "whoever finds its message gone from the mailbox looks for no answer",
        (Change(f"{_MAILBOX}/store.py", "            if answer is not None:\n                return answer\n", ""),),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "the lease of a mailbox ends by its holder's clock alone",
        (
            Change(
                f"{_MAILBOX}/store.py",
                "return min(by_its_clock, self._term_seen[1] + TERM.total_seconds())",
                "return by_its_clock",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "who trades directly passes the lease of a mailbox over",
        (
            Change(
                f"{_MAILBOX}/mail.py",
                "return lease is not None and milliseconds(now) < max(lease.until, lease.crowded_until)",
                "return lease is not None and milliseconds(now) < 0",
            ),
        ),
        (_MAILBOX_TESTS,),
    ),
    Mutant(
        "a webhook's checkpoint moves on before the message is sent",
        (
            Change(
                _DELIVER,
                "import WebhookCheckpoint, pass_over\n",
                "import Answer, WebhookCheckpoint, pass_over\n",
            ),
            Change(
                _DELIVER,
                "        answer = await self._sender.post(parse_target(webhook.url), headers, body)\n",
                "        answer = Answer(200)\n",
            ),
            Change(
                _DELIVER,
                "        # Whatever came of a failed attempt, the next step reads when it is tried again.\n",
                "        await self._sender.post(parse_target(webhook.url), headers, body)\n",
            ),
        ),
        (_WEBHOOK_TESTS,),
    ),
    Mutant(
        "a webhook passes over what its receiver has refused",
        (
            Change(
                f"{_APPLICATION}/webhooks/attempt.py",
                "    if attempt.answer.is_success:\n",
                "    if attempt.answer.status_code != HTTPStatus.GONE:\n",
            ),
            Change(
                f"{_APPLICATION}/webhooks/attempt.py",
                "from datetime import datetime\n",
                "from datetime import datetime\nfrom http import HTTPStatus\n",
            ),
        ),
        (_WEBHOOK_TESTS,),
    ),
    Mutant(
        "a webhook begins wherever whoever tells it looks",
        (
            Change(
                _DELIVER,
                "            await self._begin(webhook, page)\n            return _Step()\n",
                "            key = key_for(Webhook, webhook.account, webhook.id)\n"
                "            begun = WebhookCheckpoint(webhook.account, webhook.id, page.slug, page.after)\n"
                "            await self._projection.write(page, [key], lambda *_: (Insert(begun),))\n"
                "            page = page._replace(checkpoint=begun)\n",
            ),
        ),
        (_WEBHOOK_TESTS,),
    ),
    Mutant(
        "a webhook whose ring was lost waits until it is enabled",
        (
            Change(
                f"{_APPLICATION}/webhooks/ring_untold.py",
                "if checkpoint is None or checkpoint.position < book.position",
                "if checkpoint is not None and checkpoint.epoch and checkpoint.position < book.position",
            ),
        ),
        (_WEBHOOK_TESTS,),
    ),
    Mutant(
        "an event has the position of the one before",
        (
            Change(
                f"{_MODEL}/trading/market.py",
                "closes_at=closes_at, revision=market.revision + 1)",
                "closes_at=closes_at, revision=market.revision)",
            ),
        ),
        (_EVENT_TESTS,),
    ),
    Mutant(
        "a page of events begins one too late",
        (
            Change(
                f"{_APPLICATION}/history/list_events.py",
                "book.revision, request.after, request.limit)",
                "book.revision, request.after + bool(request.after), request.limit)",
            ),
        ),
        (_EVENT_TESTS,),
    ),
    Mutant(
        "a page of events goes on behind what an index does not show yet",
        (
            Change(
                "domain/event/market_events.py",
                "        if event.position != after + len(events) + 1 or len(events) == limit:\n",
                "        if len(events) == limit:\n",
            ),
        ),
        (_EVENT_TESTS,),
    ),
    Mutant(
        "whoever has sold all their shares has no result",
        (
            Change(
                _SETTLE,
                "    return changes if resolution.payouts is None else "
                "[*changes, Insert(result_of(book, resolution, position))]\n",
                "    counts = resolution.payouts is not None and position.is_held\n"
                "    return [*changes, Insert(result_of(book, resolution, position))] if counts else changes\n",
            ),
        ),
        (_RECORD_TESTS,),
    ),
    Mutant(
        "the points of tiny markets count in full",
        (Change(f"{_MODEL}/record/score.py", "max(liquidity, SMALLEST)", "liquidity"),),
        (f"{_UNIT}/model/test_score.py",),
        is_simulated=False,
    ),
    Mutant(
        "a result counts twice in its records when two fold at once",
        (
            Change(
                f"{_APPLICATION}/record/project_records.py",
                "            if (stored or RecordFold(fold.market)) != fold:\n"
                "                return Outcome(after if stored == moved and view.is_in_doubt else None)\n",
                "            if stored == moved and view.is_in_doubt:\n                return Outcome(after)\n",
            ),
        ),
        (_RECORD_TESTS,),
    ),
    Mutant(
        "a leaderboard shows who has moved down on the next page once more",
        (
            Change(
                f"{_APPLICATION}/record/list_leaders.py",
                "return track_record.updated_at > self.began_at",
                "return track_record.updated_at < self.began_at and False",
            ),
        ),
        (_RECORD_TESTS,),
        is_simulated=False,
    ),
    Mutant(
        "anybody deletes anybody's comment",
        (
            Change(
                f"{_APPLICATION}/discussion/delete_comment.py",
                "if caller.account != comment.account and not caller.is_admin:",
                "if not caller.account:",
            ),
        ),
        (f"{_UNIT}/application/test_comments.py",),
        is_simulated=False,
    ),
    Mutant(
        "quiet hours are saved up for a flood of comments",
        (
            Change(
                f"{_MODEL}/discussion/comment.py",
                "paid_off_at = max(before.paid_off_at, now) + WINDOW / COMMENTS",
                "paid_off_at = before.paid_off_at + WINDOW / COMMENTS",
            ),
        ),
        (f"{_UNIT}/application/test_comments.py",),
        is_simulated=False,
    ),
    Mutant(
        "payouts begin without storing that the decision stands",
        (
            Change(
                _SETTLE,
                "return Outcome(result=True, changes=(Insert(verdict),))",
                "return Outcome(result=True)",
            ),
        ),
        (_APPEAL_TESTS,),
    ),
    Mutant(
        "payouts do not wait for the time for appeals",
        (
            Change(
                _SETTLE,
                "if now < resolution.payable_at:",
                "if now < resolution.resolved_at:",
            ),
        ),
        (_APPEAL_TESTS,),
    ),
    Mutant(
        "a withdrawal does not store that the decision has fallen",
        (
            Change(
                f"{_APPLICATION}/trading/withdraw_resolution.py",
                "            fix=_withdraw,\n",
                "            fix=None,\n",
            ),
        ),
        (_APPEAL_TESTS,),
    ),
    Mutant(
        "an interested creator withdraws what an admin has decided",
        (
            Change(
                f"{_APPLICATION}/trading/withdraw_resolution.py",
                "            permit=permit_disinterested,\n",
                "            permit=lambda *_: None,\n",
            ),
        ),
        (_APPEAL_TESTS,),
    ),
    Mutant(
        "whoever is forgotten stays signed in",
        (Change(f"{_MODEL}/admission/standing.py", "        revoke_credentials(account),\n", "        account,\n"),),
        (_FORGET_TESTS,),
        is_simulated=False,
    ),
    Mutant(
        "a comment that is on its way outlives its author's name",
        (
            Change(
                f"{_APPLICATION}/admission/forget_account.py",
                "            Replace(replace(commenter, version=commenter.version + 1), read=commenter)\n",
                "            Replace(commenter, read=commenter)\n",
            ),
        ),
        (_FORGET_TESTS,),
        is_simulated=False,
    ),
    Mutant(
        "what is left of somebody is not looked for again after a crash",
        (
            Change(
                f"{_APPLICATION}/admission/forget_account.py",
                "        return ForgetAccountResult(await self._finish(account), reply.replayed)\n",
                "        done = reply.answer if reply.replayed else await self._finish(account)\n"
                "        return ForgetAccountResult(done, reply.replayed)\n",
            ),
        ),
        (_FORGET_TESTS,),
        is_simulated=False,
    ),
    Mutant(
        "a function of the release before reads what a later one wrote",
        (
            Change(
                f"{_DYNAMODB}/layout/item.py",
                "if isinstance(written, int) and written > type_of(layout.kind).schema:",
                "if isinstance(written, int) and written > type_of(layout.kind).schema + 1:",
            ),
        ),
        ("tests/integration/dynamodb/test_schemas.py",),
    ),
    Mutant(
        "a function of the release before writes over what a later one wrote",
        (
            Change(
                f"{_DYNAMODB}/records.py",
                '{**values, f":{SCHEMA}": number(type_of(type(record)).schema)},',
                '{**values, f":{SCHEMA}": number(type_of(type(record)).schema + 1)},',
            ),
        ),
        ("tests/integration/dynamodb/test_schemas.py",),
    ),
    Mutant(
        "an account that comes into the index late overwrites a trade",
        (
            Change(
                f"{_DYNAMODB}/balances.py",
                "            await self._records.commit_alone(Replace(stored, read=stored))",
                '            put = {"TableName": self._gateway.tables.core, "Item": to_item(stored)}\n'
                '            await self._gateway.write({"Put": put})',
            ),
            Change(f"{_DYNAMODB}/balances.py", "import can_exist", "import can_exist, to_item"),
        ),
        ("tests/integration/dynamodb/test_balances.py",),
    ),
    Mutant(
        "the index is trusted although something was missing from it",
        (
            Change(
                f"{_DYNAMODB}/balance_index.py",
                "BalanceIndex(index.version + 1, None, 0, None if added else now)",
                "BalanceIndex(index.version + 1, None, 0, now)",
            ),
        ),
        ("tests/integration/dynamodb/test_balances.py",),
    ),
    Mutant(
        "one shard of a crowd has no worker",
        (
            Change(
                _SETTLE,
                "[Ring(slug, occasion, str(shard)) for shard in range(HOLDER_SHARDS)]",
                "[Ring(slug, occasion, str(shard)) for shard in range(HOLDER_SHARDS - 1)]",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "a worker calls workers instead of paying",
        (Change(_SETTLE, "if self._workers and request.shard is None and self", "if self._workers and self"),),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "a worker is done although some holder of its shard is left",
        (Change(_SETTLE, "request.shard is not None and not progress.listed", "request.shard is not None"),),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "a worker pays before the decision stands",
        (
            Change(
                _SETTLE,
                "if market.resolution.is_appealable and not",
                "if request.shard is None and market.resolution.is_appealable and not",
            ),
        ),
        (_APPEAL_TESTS,),
    ),
    Mutant(
        "a worker looks for the end before its last pages are paid",
        (
            Change(
                _SETTLE,
                "sum([await lane.finish() for lane in lanes.values()])",
                "sum(lane._settled for lane in lanes.values())",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "a page of a lane begins while the one before is under way",
        (
            Change(
                _SETTLE,
                "            await self.finish()\n        except BaseException:\n",
                "            await asyncio.sleep(0)\n        except BaseException:\n",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "the pages of other lanes go on when one has failed",
        (
            Change(
                _SETTLE,
                "            await asyncio.gather(*(lane.paying for lane in lanes.values() if lane.paying), "
                "return_exceptions=True)\n",
                "            await asyncio.sleep(0)\n",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "the end of settlement counts the first lanes alone",
        (
            Change(
                f"{_MODEL}/settlement/settlement.py",
                "return range(HOLDER_SHARDS * self.lanes_of(book))",
                "return range(HOLDER_SHARDS)",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "the end of settlement is decided twice",
        (
            Change(
                _SETTLE,
                "    if market.status is not MarketStatus.SETTLING:\n        return Outcome(result=True)\n",
                "",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "what the lanes of a crowd have recorded is not counted",
        (
            Change(
                f"{_APPLICATION}/record/project_records.py",
                "self._crowd.tally_numbers(book)[HOLDER_SHARDS:]",
                "self._crowd.tally_numbers(book)[:0]",
            ),
        ),
        (_SETTLE_TESTS,),
    ),
    Mutant(
        "the last shards of results are never folded",
        (
            Change(
                f"{_APPLICATION}/record/project_records.py",
                "fold.shard == RESULT_SHARDS - 1",
                "fold.shard == HOLDER_SHARDS - 1",
            ),
        ),
        (_RECORD_TESTS,),
    ),
    Mutant(
        "reconciliation takes the lanes of a crowd for shards",
        (
            Change(
                f"{_APPLICATION}/instance/reconciliation/market_repairs.py",
                "known[tally.shard % HOLDER_SHARDS][tally.shard] = tally",
                "known[tally.shard][tally.shard] = tally",
            ),
        ),
        (f"{_UNIT}/application/test_reconciliation.py",),
    ),
)
