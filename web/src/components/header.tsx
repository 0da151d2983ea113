/** The head of the page: where one can go, who one is, and what one has. */

import { portfolioQuery } from "../api/reads";
import { useQuery } from "../api/use-query";
import { formatCredits } from "../format/numbers";
import { Name } from "./live";
import { Mark } from "./mark";
import { SignOut } from "./sign-out";
import { Link, NavLink } from "../routing/link";
import { address, signInAddress } from "../routing/location";
import { session, type Session } from "../session/session";
import { useStore } from "../store";

export function Header() {
  const user = useStore(session);
  return (
    <header class="header">
      <div class="header-row">
        <Link href="/" class="brand">
          <Mark />
          Hunch
        </Link>
        <nav class="navigation" aria-label="Main">
          <NavLink href="/">Markets</NavLink>
          <NavLink href="/portfolio">Portfolio</NavLink>
          <NavLink href="/leaderboard">Leaderboard</NavLink>
          <NavLink href="/create">Create</NavLink>
          {user?.isAdmin === true && <NavLink href="/admin">Admin</NavLink>}
        </nav>
        <div class="account">{user === undefined ? <SignInLink /> : <Account user={user} />}</div>
      </div>
    </header>
  );
}

function SignInLink() {
  useStore(address);
  return (
    <Link href={signInAddress()} class="button button-small">
      Sign in
    </Link>
  );
}

function Account({ user }: { user: Session }) {
  const { data } = useQuery(portfolioQuery);
  return (
    <>
      <Link href="/portfolio" class="balance">
        <strong translate={false}>{data === undefined ? "\u00a0" : formatCredits(data.balance)}</strong>
        <span>
          <Name>{user.name}</Name>
        </span>
      </Link>
      <SignOut user={user} />
    </>
  );
}
