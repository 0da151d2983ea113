/** What admins do: decide markets, grant credits, invite people. */

import "./admin-page.css";

import { useQuery } from "../../api/use-query";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { session } from "../../session/session";
import { configQuery } from "../../session/sign-in-ways";
import { useStore } from "../../store";
import { GrantForm } from "./grant-form";
import { Invitations } from "./invitations";
import { MarketsToDecide } from "./markets-to-decide";

export default function AdminPage() {
  const user = useStore(session);
  const { data } = useQuery(configQuery);
  if (user === undefined) {
    return (
      <Page title="Admin">
        <SignInFirst what="run this place" />
      </Page>
    );
  }
  return (
    <Page title="Admin">
      <div class="admin">
        <MarketsToDecide />
        <GrantForm />
      </div>
      {data?.sign_in.invitations === true && <Invitations />}
    </Page>
  );
}
