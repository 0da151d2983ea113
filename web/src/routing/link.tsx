/** A link within the page: the browser's own, but for the plain click. */

import type { ComponentChildren } from "preact";

import { placed } from "../platform/place";
import { useStore } from "../store";
import { address, navigate } from "./location";

interface LinkProps {
  href: string;
  class?: string;
  "aria-current"?: "page" | "true" | undefined;
  children: ComponentChildren;
}

export function Link({ href, children, ...attributes }: LinkProps) {
  const follow = (event: MouseEvent) => {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (isPlain && !event.defaultPrevented) {
      event.preventDefault();
      navigate(href);
    }
  };
  return (
    <a href={placed(href)} onClick={follow} {...attributes}>
      {children}
    </a>
  );
}

/** A link that knows when it leads to where one is. */
export function NavLink({ href, ...attributes }: LinkProps) {
  const { pathname } = useStore(address);
  const isHere = href === "/" ? pathname === "/" || pathname.startsWith("/markets/") : pathname.startsWith(href);
  return <Link href={href} aria-current={isHere ? "page" : undefined} {...attributes} />;
}
