/** Everybody who has an account: names, balances, and what admins can do for them. */

import { useState } from "preact/hooks";

import { type Member, peopleQuery } from "../../api/reads";
import { SLOW, useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatCount } from "../../format/numbers";
import { mentions } from "../../format/search";
import { ForgetDialog } from "./forget-dialog";
import { GrantEveryone } from "./grant-everyone";
import { csvOf, download } from "./people-csv";
import { type MemberDeed, PeopleTable } from "./people-table";
import { RenameDialog } from "./rename-dialog";
import { RevokeDialog } from "./revoke-dialog";
import { SignInLinkDialog } from "./sign-in-link-dialog";
import { SuspendDialog } from "./suspend-dialog";

interface Deed {
  readonly what: MemberDeed | "grant";
  readonly member?: Member;
}

export function People() {
  const { data, problem, retry } = useQuery(peopleQuery, SLOW);
  const [search, setSearch] = useState("");
  const [deed, setDeed] = useState<Deed>();
  const stop = () => {
    setDeed(undefined);
  };
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={6} /> : <ErrorNotice problem={problem} onRetry={retry} />;
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
        <PeopleTable
          people={shown}
          onDeed={(what, member) => {
            setDeed({ what, member });
          }}
        />
      )}
      <Dialogs deed={deed} people={people} onDeed={setDeed} onClose={stop} />
    </section>
  );
}

function sortedByName(people: readonly Member[]): readonly Member[] {
  const { compare } = new Intl.Collator();
  return [...people].sort((one, other) => compare(one.name, other.name) || compare(one.account, other.account));
}

interface DialogsProps {
  deed: Deed | undefined;
  people: readonly Member[];
  onDeed: (deed: Deed) => void;
  onClose: () => void;
}

function Dialogs({ deed, people, onDeed, onClose }: DialogsProps) {
  if (deed?.what === "grant") {
    const present = people.filter(({ forgotten_at }) => typeof forgotten_at !== "string");
    return <GrantEveryone accounts={present.map(({ account }) => account)} onClose={onClose} />;
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
    case "revoke":
      return (
        <RevokeDialog
          member={member}
          onLink={() => {
            onDeed({ what: "link", member });
          }}
          onClose={onClose}
        />
      );
    case "forget":
      return <ForgetDialog member={member} onClose={onClose} />;
    default:
      return <SuspendDialog member={member} onClose={onClose} />;
  }
}
