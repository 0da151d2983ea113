/** Changes a draft. */

import "./market-form.css";

import { type Edit, editMarket } from "../../api/commands";
import { marketQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SkeletonRows } from "../../components/skeleton";
import { navigate } from "../../routing/location";
import { editOf, valuesOf } from "./form-values";
import { MarketForm } from "./market-form";

export default function EditPage({ parameters: { slug = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const { data: market, problem } = useQuery(marketQuery(slug));
  const command = useUnkeyedCommand(
    (body: Edit) => editMarket(slug, body),
    () => {
      navigate(`/markets/${slug}`);
    },
  );
  return (
    <Page title="Edit the draft" narrow>
      {problem !== undefined && market === undefined && <ErrorNotice problem={problem} />}
      {problem === undefined && market === undefined && <SkeletonRows rows={5} height="5rem" />}
      {market !== undefined && (
        <MarketForm
          initial={valuesOf(market)}
          action="Save the changes"
          isNew={false}
          command={command}
          onSubmit={(values) => void command.run(editOf(values))}
        />
      )}
    </Page>
  );
}
