/**
 * What changes while people look at it, safe from translators. They replace the text nodes of a page, so that a later change
 * of such a node shows nowhere: figures and names are kept from them, and words are replaced with their element.
 */

import type { ComponentChildren } from "preact";

import { formatPast } from "../format/times";

/** A figure, or something else that means the same in every language. */
export function Live({ class: name, children }: { class?: string; children: ComponentChildren }) {
  return (
    <span class={name} translate={false}>
      {children}
    </span>
  );
}

/** Words that become others: their element is replaced with them. */
export function Words({ class: name, children }: { class?: string; children: string }) {
  return (
    <span key={children} class={name}>
      {children}
    </span>
  );
}

/** What people have named: it is not translated, and runs in its own direction whatever stands around it. */
export function Name({ children }: { children: string | undefined }) {
  return <bdi translate={false}>{children}</bdi>;
}

/** When something happened. */
export function Moment({ time, class: name }: { time: string; class?: string }) {
  return (
    <time class={name} dateTime={time} translate={false}>
      {formatPast(time)}
    </time>
  );
}
