/** A scoreboard for the wall of a room: who leads, what the markets say, and how to join; it needs no hand. */

import "./board-page.css";

import {
  endOfInvitation,
  type Invitation,
  invitationsQuery,
  leaderboardQuery,
  marketsQuery,
  peopleQuery,
} from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { outcomeStyle } from "../../chart/palette";
import { Live, Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Heading } from "../../components/page";
import { QrCode } from "../../components/qr-code";
import { isAbove } from "../../format/micros";
import { formatChance, formatCount, formatCredits, formatPointsOf } from "../../format/numbers";
import { Link } from "../../routing/link";
import { now } from "../../platform/clock";
import { session } from "../../session/session";
import { configQuery } from "../../session/sign-in-ways";
import { useStore } from "../../store";
import { likeliestFirst } from "../market/likeliest";

const RANKS = 8;
const MARKETS = 4;
const EVERY_MS = 3_000;

export default function BoardPage() {
  const leaders = useLeaders();
  const code = useJoinCode();
  // What comes above the prices on a narrow screen must not push them down when it comes.
  const isThere = leaders !== undefined && code !== undefined;
  return (
    <div class="board">
      <header class="row row-apart">
        <Heading title="Scoreboard" />
        <Link href="/" class="button button-small button-quiet">
          Close
        </Link>
      </header>
      <div class="board-columns">
        <div class="board-people">
          {isThere && <Leaders leaders={leaders} />}
          {isThere && code !== null && <JoinCode invitation={code} />}
        </div>
        <Prices isShown={isThere} />
      </div>
    </div>
  );
}

interface Leader {
  readonly account: string;
  readonly name: string;
  readonly rank: number;
  readonly figure: string;
}

/** Who leads by points; where nobody has any yet, an admin's board has who has most. Undefined until that is known. */
function useLeaders(): readonly Leader[] | undefined {
  const user = useStore(session);
  const { data: board, problem } = useQuery(
    leaderboardQuery({ period: "all", by: "points" }, { limit: RANKS }),
    EVERY_MS,
  );
  const people = board?.leaderboard.length === 0 && user?.isAdmin === true ? peopleQuery : undefined;
  const { data: all, problem: other } = useQuery(people, EVERY_MS);
  if (board !== undefined && board.leaderboard.length > 0) {
    return board.leaderboard.map((row) => ({ ...row, figure: formatPointsOf(row.points) }));
  }
  const isWaiting = (board ?? problem) === undefined || (people !== undefined && (all ?? other) === undefined);
  if (isWaiting) {
    return undefined;
  }
  return [...(all?.people ?? [])]
    .sort((one, other) => (isAbove(one.balance, other.balance) ? -1 : 1))
    .slice(0, RANKS)
    .map((person, index) => ({ ...person, rank: index + 1, figure: formatCredits(person.balance) }));
}

function Leaders({ leaders }: { readonly leaders: readonly Leader[] }) {
  if (leaders.length === 0) {
    return <p class="soft">Who leads stands here once the first market is decided.</p>;
  }
  return (
    <ol class="board-leaders" aria-label="Who leads">
      {leaders.map(({ account, name, rank, figure }) => (
        <li key={account}>
          <span class="board-rank soft">{formatCount(rank)}</span>
          <span class="board-name">
            <Name>{name}</Name>
            {leaders.some((other) => other.account !== account && other.name === name) && (
              <span class="soft"> ({account})</span>
            )}
          </span>
          <Live class="chance">{figure}</Live>
        </li>
      ))}
    </ol>
  );
}

function Prices({ isShown }: { readonly isShown: boolean }) {
  const { data, problem } = useQuery(marketsQuery({ status: "ACTIVE" }, { limit: MARKETS }), EVERY_MS);
  if (data === undefined && problem !== undefined) {
    return <ErrorNotice problem={problem} />;
  }
  if (isShown && data?.markets.length === 0) {
    return <p class="soft">No market is open.</p>;
  }
  // Its column is there from the start, so that who leads need not make room.
  return (
    <ul class="board-markets" aria-label="What the markets say">
      {(isShown ? data?.markets : undefined)?.map((market) => {
        const [first = 0] = likeliestFirst(market);
        const leader = market.outcomes[first];
        return (
          <li key={market.slug} style={outcomeStyle(first, market.outcomes.length)}>
            <span class="board-question">
              <Name>{market.name}</Name>
            </span>
            <span class="board-outcome">
              <Live class="chance board-chance">{formatChance(leader?.price ?? "0")}</Live> <Name>{leader?.name}</Name>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** For admins whose instance lets people in: an invitation that is still good. Null without one, undefined until known. */
function useJoinCode(): Invitation | null | undefined {
  const user = useStore(session);
  const { data: config, problem } = useQuery(configQuery);
  const isHost = user?.isAdmin === true && config?.sign_in.invitations === true;
  const { data, problem: other } = useQuery(isHost ? invitationsQuery : undefined, EVERY_MS);
  if ((config ?? problem) === undefined || (isHost && (data ?? other) === undefined)) {
    return undefined;
  }
  const isGood = (invitation: Invitation) =>
    invitation.roles.length === 0 && endOfInvitation(invitation, now()) === undefined;
  return data?.invitations.find(isGood) ?? null;
}

function JoinCode({ invitation }: { readonly invitation: Invitation }) {
  return (
    <aside class="board-join" aria-label="Join">
      <QrCode text={invitation.url} label="Code to scan to join" />
      <p>
        <strong>Join</strong>
        <br />
        <Live>
          {formatCount(invitation.used)} of {formatCount(invitation.count)} are in
        </Live>
      </p>
    </aside>
  );
}
