/** What every page begins with: its title, and the focus on its heading, so that a screen reader says where one is. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { address, isFirstPage } from "../routing/location";

interface PageProps {
  title: string;
  /** What stands beside the heading. */
  aside?: ComponentChildren;
  narrow?: boolean;
  children: ComponentChildren;
}

export function Page({ title, aside, narrow = false, children }: PageProps) {
  return (
    <div class={narrow ? "stack stack-wide narrow" : "stack stack-wide"}>
      <div class="row row-apart">
        <Heading title={title} />
        {aside}
      </div>
      {children}
    </div>
  );
}

/** The heading of a page. */
export function Heading({ title }: { title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = title === "Hunch" ? title : `${title} · Hunch`;
  }, [title]);

  useEffect(() => {
    if (!isFirstPage()) {
      heading.current?.focus({ preventScroll: true });
    }
    // What an address names within the page was not there yet when the browser looked for it.
    document.getElementById(address.get().hash.slice(1))?.scrollIntoView();
  }, []);

  return (
    <h1 ref={heading} tabIndex={-1} dir="auto">
      {title}
    </h1>
  );
}
