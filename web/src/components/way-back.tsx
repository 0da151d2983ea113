/** Shows the link by which somebody who came by an invitation comes back, to be kept before it is needed. */

import { useEffect, useState } from "preact/hooks";

import { type Problem, problemOfFailure } from "../api/problem";
import { formatDay } from "../format/times";
import { type PersonalLink, personalLink } from "../session/personal-link";
import type { Session } from "../session/session";
import { CopyButton } from "./copy-button";
import { ErrorNotice, Notice } from "./notice";
import { SkeletonRows } from "./skeleton";

interface Heard {
  readonly link?: PersonalLink | undefined;
  readonly problem?: Problem;
}

export function WayBack({ user }: { user: Session }) {
  const [heard, setHeard] = useState<Heard>();
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    let isWanted = true;
    const hear = (what: Heard) => {
      if (isWanted) {
        setHeard(what);
      }
    };
    personalLink(user).then(
      (link) => {
        hear({ link });
      },
      (failure: unknown) => {
        hear({ problem: problemOfFailure(failure) });
      },
    );
    return () => {
      isWanted = false;
    };
    // The token stands for who is signed in.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [user.token, asked]);

  if (heard === undefined) {
    return <SkeletonRows rows={4} />;
  }
  if (heard.problem !== undefined) {
    return (
      <ErrorNotice
        problem={heard.problem}
        onRetry={() => {
          setHeard(undefined);
          setAsked(asked + 1);
        }}
      />
    );
  }
  return heard.link === undefined ? <NoWayBack /> : <KeepLink link={heard.link} />;
}

function KeepLink({ link }: { link: PersonalLink }) {
  return (
    <Notice tone="care">
      <strong>Your personal link</strong>
      <code class="personal-link" translate={false}>
        {link.url}
      </code>
      <span>
        It signs you in once, on any device, until {formatDay(link.expires_at)}; then you get another one. Send it to
        yourself or write it down, and show it to nobody.
      </span>
      <div class="row">
        <CopyButton text={link.url} label="Copy my link" />
      </div>
    </Notice>
  );
}

function NoWayBack() {
  return (
    <Notice tone="care">
      <strong>There is no way back</strong>
      <span>
        Only this browser knows your account. The invitation would open another one, with nothing of what you have here.
      </span>
    </Notice>
  );
}
