/** Asks a new question. */

import "./market-form.css";

import { createMarket, type Draft } from "../../api/commands";
import { useCommand } from "../../api/use-command";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { navigate } from "../../routing/location";
import { session } from "../../session/session";
import { useDraft } from "../../session/use-draft";
import { useStore } from "../../store";
import { BLANK, draftOf } from "./form-values";
import { MarketForm } from "./market-form";

export default function CreatePage() {
  const user = useStore(session);
  return (
    <Page title="Create a market" narrow>
      {user === undefined ? <SignInFirst what="ask a question" /> : <NewMarket />}
    </Page>
  );
}

function NewMarket() {
  const draft = useDraft("create", BLANK);
  const command = useCommand(
    "create",
    (body: Draft, key) => createMarket(body, key),
    (market) => {
      draft.clear();
      navigate(`/markets/${market.slug}`);
    },
  );
  return (
    <MarketForm
      draft={draft}
      action="Save the draft"
      isNew
      command={command}
      onSubmit={(values) => void command.run(draftOf(values))}
    />
  );
}
