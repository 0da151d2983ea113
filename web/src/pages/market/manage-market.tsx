/** What the creator and the admins can do with a market, in the part of its life that it is in. */

import { useState } from "preact/hooks";

import { closeMarket } from "../../api/commands";
import { appealsUntil, type Market, type Position } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { SLOW, useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Name } from "../../components/live";
import { Notice } from "../../components/notice";
import { now } from "../../platform/clock";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { useStore } from "../../store";
import { ClarifyDialog } from "./clarify-dialog";
import { DeleteDialog } from "./delete-dialog";
import { everTradedQuery, resolvesAsCreator } from "./interest";
import { PublishDialog } from "./publish-dialog";
import { ReopenDialog } from "./reopen-dialog";
import { ResolveDialog } from "./resolve-dialog";
import { VoidDialog } from "./void-dialog";
import { WithdrawDialog } from "./withdraw-dialog";

type Step = "publish" | "delete" | "close" | "reopen" | "clarify" | "resolve" | "withdraw" | "void";

const DIALOGS = {
  publish: PublishDialog,
  delete: DeleteDialog,
  close: CloseDialog,
  reopen: ReopenDialog,
  clarify: ClarifyDialog,
  resolve: ResolveDialog,
  withdraw: WithdrawDialog,
  void: VoidDialog,
} as const;

const WORDS: Readonly<Record<Step, string>> = {
  publish: "Publish …",
  delete: "Delete …",
  close: "Close trading …",
  reopen: "Reopen …",
  clarify: "Clarify …",
  resolve: "Resolve …",
  withdraw: "Withdraw the decision …",
  void: "Void …",
};

export function ManageMarket({ market, positions }: { market: Market; positions: readonly Position[] }) {
  const user = useStore(session);
  const { data: isInterested } = useQuery(
    resolvesAsCreator(user, market) ? everTradedQuery(market, positions) : undefined,
    SLOW,
  );
  const [open, setOpen] = useState<Step>();
  const steps = stepsOf(market, user?.account === market.creator, user?.isAdmin === true).filter(
    (step) => step !== "resolve" || isInterested !== true,
  );
  if (steps.length === 0) {
    return null;
  }
  const OpenDialog = open && DIALOGS[open];
  return (
    <section class="card stack" aria-labelledby="manage">
      <h2 id="manage">Run this market</h2>
      <div class="row">
        {steps.map((step) => (
          <button
            key={step}
            type="button"
            class={step === "publish" ? "button button-strong" : "button"}
            onClick={() => {
              setOpen(step);
            }}
          >
            {WORDS[step]}
          </button>
        ))}
        {market.status === "DRAFT" && user?.account === market.creator && (
          <Link href={`/markets/${market.slug}/edit`} class="button">
            Edit
          </Link>
        )}
      </div>
      {isInterested === true && (
        <Notice tone="care">
          You have traded here, so an admin has to resolve this market: you have an interest in it.
        </Notice>
      )}
      {OpenDialog !== undefined && (
        <OpenDialog
          market={market}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

function stepsOf(market: Market, isCreator: boolean, isAdmin: boolean): readonly Step[] {
  switch (market.status) {
    case "DRAFT":
      return isCreator ? ["publish", "delete"] : [];
    case "ACTIVE":
      return ["close", "clarify", "resolve", ...(isAdmin ? (["void"] as const) : [])];
    case "CLOSED":
      return ["resolve", "reopen", "clarify", ...(isAdmin ? (["void"] as const) : [])];
    case "SETTLING":
      return [...((appealsUntil(market) ?? 0) > now() ? (["withdraw"] as const) : []), "clarify"];
    default:
      return [];
  }
}

function CloseDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const command = useCommand(`close.${market.slug}`, (_: string, key) => closeMarket(market.slug, key), onClose);
  return (
    <ConfirmDialog title="Close trading?" action="Close trading" command={command} body={market.slug} onClose={onClose}>
      <p>
        Nobody can trade “<Name>{market.name}</Name>” until it is reopened. Prices and positions stay as they are.
      </p>
    </ConfirmDialog>
  );
}
