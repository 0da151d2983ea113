/** Changes a draft. */

import "./market-form.css";

import { type Edit, editMarket } from "../../api/commands";
import { type Market, marketQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { SkeletonRows } from "../../components/skeleton";
import { Link } from "../../routing/link";
import { navigate } from "../../routing/location";
import { type Session, session } from "../../session/session";
import { useDraft } from "../../session/use-draft";
import { useStore } from "../../store";
import { editOf, valuesOf } from "./form-values";
import { MarketForm } from "./market-form";

export default function EditPage({ parameters: { slug = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const user = useStore(session);
  const { data: market, problem, retry } = useQuery(user && marketQuery(slug));
  return (
    <Page title="Edit the draft" narrow>
      {user === undefined && <SignInFirst what="edit your draft" />}
      {problem !== undefined && market === undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {user !== undefined && problem === undefined && market === undefined && <SkeletonRows rows={5} height="5rem" />}
      {market !== undefined && user !== undefined && <Editable market={market} user={user} />}
    </Page>
  );
}

/** Says at once what the server would say at the end. */
function Editable({ market, user }: { market: Market; user: Session }) {
  if (market.status === "DRAFT" && market.creator === user.account) {
    return <EditedMarket market={market} />;
  }
  return (
    <EmptyState title={market.status === "DRAFT" ? "This is somebody else's draft" : "It is published already"}>
      <p>
        {market.status === "DRAFT"
          ? "Only whoever has written a draft can change it."
          : "What people trade on is not changed any more. On its page it can be clarified."}
      </p>
      <Link href={`/markets/${market.slug}`} class="button">
        See the market
      </Link>
    </EmptyState>
  );
}

function EditedMarket({ market }: { market: Market }) {
  const { slug } = market;
  const draft = useDraft(`edit.${slug}`, valuesOf(market));
  const leave = () => {
    draft.clear();
    navigate(`/markets/${slug}`);
  };
  const command = useUnkeyedCommand((body: Edit) => editMarket(slug, body), leave);
  return (
    <MarketForm
      draft={draft}
      action="Save the changes"
      isNew={false}
      command={command}
      onSubmit={(values) => {
        const edit = editOf(values, market);
        if (Object.keys(edit).length === 0) {
          leave();
        } else {
          void command.run(edit);
        }
      }}
    />
  );
}
