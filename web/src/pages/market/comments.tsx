/** What people say about a market, with what they held when they said it. */

import { useEffect, useState } from "preact/hooks";

import { invalidate } from "../../api/cache";
import { addComment, removeComment } from "../../api/commands";
import { polling } from "../../api/feed";
import { type Comment, commentsQuery, type Market, marketKey } from "../../api/reads";
import { useCommand, useUnkeyedCommand } from "../../api/use-command";
import { CALM } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { EmptyState } from "../../components/empty-state";
import { TextArea } from "../../components/field";
import { Interrupted } from "../../components/interrupted";
import { LinkedText } from "../../components/linked-text";
import { Moment, Name } from "../../components/live";
import { CommandProblem } from "../../components/notice";
import { Paged } from "../../components/paged";
import { Person } from "../../components/person";
import { excess } from "../../format/length";
import { formatShares } from "../../format/numbers";
import { Link } from "../../routing/link";
import { signInAddress } from "../../routing/location";
import { session } from "../../session/session";
import { useDraft } from "../../session/use-draft";
import { useStore } from "../../store";

const LONGEST = 2_000;

export function Comments({ market }: { market: Market }) {
  const user = useStore(session);
  useNewComments(market.slug);
  return (
    <div class="stack">
      {user === undefined ? (
        <p class="small">
          <Link href={signInAddress()}>Sign in</Link> to say something.
        </p>
      ) : (
        <CommentForm key={user.account} market={market} />
      )}
      <Paged queryOf={(page) => commentsQuery(market.slug, page)}>
        {({ comments }) =>
          comments.length === 0 ? (
            <EmptyState title="Nobody has said anything yet" />
          ) : (
            <ul class="comments">
              {comments.map((comment) => (
                <CommentItem
                  key={comment.id}
                  comment={comment}
                  mayDelete={user !== undefined && (user.isAdmin || user.account === comment.account)}
                />
              ))}
            </ul>
          )
        }
      </Paged>
    </div>
  );
}

/** No event of a market tells of comments: while they are on show, they are asked for, whatever else is streamed. */
function useNewComments(slug: string): void {
  useEffect(() => {
    const subject = commentsQuery(slug).key;
    return polling.watch(subject, CALM, () => {
      invalidate(`${marketKey(slug)}/comments`);
      return Promise.resolve(true);
    });
  }, [slug]);
}

function CommentForm({ market }: { market: Market }) {
  const purpose = `comment.${market.slug}`;
  const draft = useDraft(purpose, { text: "" });
  const { text } = draft.values;
  const command = useCommand(
    purpose,
    (said: string, key) => addComment(market.slug, said, key),
    (_, said) => {
      if (draft.latest().text === said) {
        draft.clear(); // otherwise something else is being written already
      }
    },
  );
  const isReady = text.trim() !== "" && excess(text, LONGEST) === undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) {
      void command.run(text);
    }
  };
  return (
    <form class="stack stack-tight" onSubmit={submit}>
      <TextArea
        label="What do you think?"
        longest={LONGEST}
        value={text}
        onValue={(typed) => {
          draft.change({ text: typed });
        }}
      />
      {command.interrupted === undefined ? (
        <>
          <CommandProblem command={command} />
          <div class="row row-end">
            <button type="submit" class="button" disabled={command.isRunning || !isReady}>
              {command.isRunning ? "One moment …" : "Say it"}
            </button>
          </div>
        </>
      ) : (
        <Interrupted
          title="Your comment may not have arrived"
          what={`“${command.interrupted}”`}
          body={command.interrupted}
          command={command}
        />
      )}
    </form>
  );
}

function CommentItem({ comment, mayDelete }: { comment: Comment; mayDelete: boolean }) {
  const [isAsking, setIsAsking] = useState(false);
  const command = useUnkeyedCommand(
    (id: string) => removeComment(comment.market, id),
    () => {
      setIsAsking(false);
    },
  );
  const { holding } = comment;
  return (
    <li class="stack stack-tight">
      <p class="row row-apart small">
        <span>
          <strong>
            <Person account={comment.account} />
          </strong>{" "}
          {holding !== null && (
            <span class="soft">
              held {formatShares(holding.quantity)} <Name>{holding.outcome}</Name>{" "}
            </span>
          )}
          <Moment class="soft" time={comment.created_at} />
        </span>
        {mayDelete && (
          <button
            type="button"
            class="button button-small button-quiet"
            onClick={() => {
              setIsAsking(true);
            }}
          >
            Delete …
          </button>
        )}
      </p>
      <p class="prose" dir="auto">
        <LinkedText text={comment.text} />
      </p>
      {isAsking && (
        <ConfirmDialog
          title="Delete this comment?"
          action="Delete"
          command={command}
          body={comment.id}
          isDangerous
          onClose={() => {
            setIsAsking(false);
          }}
        >
          <p>It is gone for everybody. This cannot be undone.</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
