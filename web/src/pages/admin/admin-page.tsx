/** What admins do: decide markets, grant credits, look after people, invite more. */

import "./admin-page.css";

import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { Tabs } from "../../components/tabs";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { configQuery } from "../../session/sign-in-ways";
import { useStore } from "../../store";
import { GrantForm } from "./grant-form";
import { Invitations } from "./invitations";
import { MarketsToDecide } from "./markets-to-decide";
import { People } from "./people";

export default function AdminPage() {
  const user = useStore(session);
  return (
    <Page
      title="Admin"
      aside={
        <Link href="/board" class="button">
          Scoreboard
        </Link>
      }
    >
      {user === undefined && <SignInFirst what="run this place" />}
      {user?.isAdmin === false && (
        <EmptyState title="This is for admins">
          <p>Your account is none. Whoever runs this instance can make it one.</p>
        </EmptyState>
      )}
      {user?.isAdmin === true && <Deeds />}
    </Page>
  );
}

function Deeds() {
  const { data } = useQuery(configQuery);
  return (
    <Tabs
      label="What admins do"
      tabs={[
        { label: "Markets", panel: () => <MarketsToDecide /> },
        { label: "Credits", panel: () => <GrantForm /> },
        { label: "People", panel: () => <People /> },
        ...(data?.sign_in.invitations === true ? [{ label: "Invitations", panel: () => <Invitations /> }] : []),
      ]}
    />
  );
}
