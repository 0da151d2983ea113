/** A row for everybody, with what an admin can do for them. */

import type { Member } from "../../api/reads";
import { Live, Name } from "../../components/live";
import { formatCredits } from "../../format/numbers";
import { formatDay } from "../../format/times";
import { session } from "../../session/session";
import { useStore } from "../../store";

/** What an admin can do for one of the people. */
export type MemberDeed = "rename" | "link" | "revoke" | "suspend" | "forget";

interface PeopleTableProps {
  people: readonly Member[];
  onDeed: (what: MemberDeed, member: Member) => void;
}

export function PeopleTable({ people, onDeed }: PeopleTableProps) {
  const own = useStore(session)?.account;
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="People">
      <table class="people">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">
              Balance
            </th>
            <th scope="col" class="people-since">
              Since
            </th>
            <th scope="col">
              <span class="unseen">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((member) => (
            <MemberRow
              key={member.account}
              member={member}
              deeds={deedsFor(member, member.account === own)}
              onDeed={onDeed}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Deeds = readonly (readonly [MemberDeed, string])[];

/** Nothing can be done for whoever was forgotten; what shuts people out is for others to do to an admin. */
function deedsFor({ suspended, forgotten_at }: Member, isOwn: boolean): Deeds {
  if (typeof forgotten_at === "string") {
    return [];
  }
  const forAll: Deeds = [
    ["rename", "Rename …"],
    ["link", "Sign-in link …"],
  ];
  const forOthers: Deeds = [
    ["revoke", "Sign out …"],
    ["suspend", suspended ? "Restore …" : "Suspend …"],
    ["forget", "Forget …"],
  ];
  return isOwn ? forAll : [...forAll, ...forOthers];
}

interface MemberRowProps {
  member: Member;
  deeds: Deeds;
  onDeed: PeopleTableProps["onDeed"];
}

function MemberRow({ member, deeds, onDeed }: MemberRowProps) {
  const { account, name, balance, created_at } = member;
  return (
    <tr>
      <th scope="row">
        <Name>{name}</Name> <Standing member={member} />
        {name !== account && (
          <>
            <br />
            <span class="soft small">
              <Name>{account}</Name>
            </span>
          </>
        )}
      </th>
      <td class="number">
        <Live>{formatCredits(balance)}</Live>
      </td>
      <td class="soft people-since">{formatDay(created_at)}</td>
      <td>
        <div class="row">
          {deeds.map(([what, words]) => (
            <button
              key={what}
              type="button"
              class="button button-small"
              aria-label={`${words} ${name}`}
              onClick={() => {
                onDeed(what, member);
              }}
            >
              {words}
            </button>
          ))}
        </div>
      </td>
    </tr>
  );
}

function Standing({ member: { suspended, forgotten_at } }: { member: Member }) {
  if (typeof forgotten_at === "string") {
    return <span class="badge">forgotten</span>;
  }
  return suspended ? <span class="badge badge-care">suspended</span> : null;
}
