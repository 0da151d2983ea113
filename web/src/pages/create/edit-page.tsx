/** Changes a draft. */

import "./market-form.css";

import { type Edit, editMarket } from "../../api/commands";
import { type Market, marketQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { SkeletonRows } from "../../components/skeleton";
import { navigate } from "../../routing/location";
import { session } from "../../session/session";
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
      {market !== undefined && <EditedMarket market={market} />}
    </Page>
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
