/** Everybody who has an account: names, balances, and what admins can do for them. */

import { useState } from "preact/hooks";

import { setSuspended } from "../../api/commands";
import { type Member, peopleQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { SLOW, useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { EmptyState } from "../../components/empty-state";
import { Live, Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatCount, formatCredits } from "../../format/numbers";
import { formatDay } from "../../format/times";
import { ForgetDialog } from "./forget-dialog";
import { GrantEveryone } from "./grant-everyone";
import { csvOf, download } from "./people-csv";
import { RenameDialog } from "./rename-dialog";
import { SignInLinkDialog } from "./sign-in-link-dialog";

interface Deed {
  readonly what: "rename" | "link" | "suspend" | "forget" | "grant";
  readonly member?: Member;
}

export function People() {
  const { data, problem } = useQuery(peopleQuery, SLOW);
  const [search, setSearch] = useState("");
  const [deed, setDeed] = useState<Deed>();
  const stop = () => {
    setDeed(undefined);
  };
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={6} /> : <ErrorNotice problem={problem} />;
  }
  const people = sortedByName(data.people);
  const shown = people.filter(({ name, account }) => mentions(`${name} ${account}`, search));
  return (
    <section class="card stack" aria-labelledby="people">
      <div class="row row-apart">
        <h2 id="people">{formatCount(people.length)} people</h2>
        <div class="row">
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              download("people.csv", csvOf(people));
            }}
          >
            Download as CSV
          </button>
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              setDeed({ what: "grant" });
            }}
          >
            Grant to everyone …
          </button>
        </div>
      </div>
      {!data.isComplete && <p class="soft small">There are more people than can be shown here.</p>}
      <input
        type="search"
        class="input"
        aria-label="Find people"
        placeholder="Find people"
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
        }}
      />
      {shown.length === 0 ? (
        <EmptyState title="Nobody is called that" />
      ) : (
        <PeopleTable people={shown} onDeed={setDeed} />
      )}
      <Dialogs deed={deed} people={people} onClose={stop} />
    </section>
  );
}

function sortedByName(people: readonly Member[]): readonly Member[] {
  const { compare } = new Intl.Collator();
  return [...people].sort((one, other) => compare(one.name, other.name) || compare(one.account, other.account));
}

function mentions(text: string, search: string): boolean {
  return text.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
}

function PeopleTable({ people, onDeed }: { people: readonly Member[]; onDeed: (deed: Deed) => void }) {
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
            <MemberRow key={member.account} member={member} onDeed={onDeed} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Nothing can be done for whoever was forgotten. */
function deedsFor({ suspended, forgotten_at }: Member): readonly (readonly [Deed["what"], string])[] {
  if (typeof forgotten_at === "string") {
    return [];
  }
  return [
    ["rename", "Rename …"],
    ["link", "Sign-in link …"],
    ["suspend", suspended ? "Restore …" : "Suspend …"],
    ["forget", "Forget …"],
  ];
}

function MemberRow({ member, onDeed }: { member: Member; onDeed: (deed: Deed) => void }) {
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
          {deedsFor(member).map(([what, words]) => (
            <button
              key={what}
              type="button"
              class="button button-small"
              aria-label={`${words} ${name}`}
              onClick={() => {
                onDeed({ what, member });
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

interface DialogsProps {
  deed: Deed | undefined;
  people: readonly Member[];
  onClose: () => void;
}

function Dialogs({ deed, people, onClose }: DialogsProps) {
  if (deed?.what === "grant") {
    return <GrantEveryone accounts={people.map(({ account }) => account)} onClose={onClose} />;
  }
  const member = deed?.member;
  if (deed === undefined || member === undefined) {
    return null;
  }
  switch (deed.what) {
    case "rename":
      return <RenameDialog member={member} onClose={onClose} />;
    case "link":
      return <SignInLinkDialog member={member} onClose={onClose} />;
    case "forget":
      return <ForgetDialog member={member} onClose={onClose} />;
    default:
      return <SuspendDialog member={member} onClose={onClose} />;
  }
}

function SuspendDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { account, name, suspended } = member;
  const command = useUnkeyedCommand((to: boolean) => setSuspended(account, to), onClose);
  return (
    <ConfirmDialog
      title={suspended ? `Let ${name} in again?` : `Shut ${name} out?`}
      action={suspended ? "Restore" : "Suspend"}
      command={command}
      body={!suspended}
      isDangerous={!suspended}
      onClose={onClose}
    >
      <p>
        {suspended
          ? "They can trade again, with what they have."
          : "They can do nothing until you restore them. What they hold stays, and is paid."}
      </p>
    </ConfirmDialog>
  );
}
