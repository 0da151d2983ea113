/** Panels of which one is open, with the keys that people expect of tabs. */

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

import { address, navigate } from "../routing/location";
import { useStore } from "../store";

interface Tab {
  readonly label: string;
  readonly panel: () => ComponentChildren;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** The name under which the address keeps which tab is open, so that reloading and Back return to it. */
  parameter?: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function Tabs({ label, tabs, parameter = "tab" }: TabsProps) {
  const url = useStore(address);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const asked = tabs.findIndex((tab) => nameOf(tab) === url.searchParams.get(parameter));
  const open = Math.max(asked, 0);

  const show = (index: number) => {
    const next = new URL(url);
    next.searchParams.delete(parameter);
    const tab = tabs[index];
    if (index > 0 && tab !== undefined) {
      next.searchParams.set(parameter, nameOf(tab));
    }
    navigate(next.href, { replace: true });
  };

  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      const next = (open + step + tabs.length) % tabs.length;
      show(next);
      list.current?.querySelectorAll("button")[next]?.focus();
    }
  };

  return (
    <div class="stack">
      <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab, index) => (
          <button
            key={tab.label}
            type="button"
            role="tab"
            id={`${id}-${index}`}
            aria-selected={index === open}
            aria-controls={`${id}-panel`}
            tabIndex={index === open ? 0 : -1}
            onClick={() => {
              show(index);
            }}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`}>
        {tabs[open]?.panel()}
      </div>
    </div>
  );
}

function nameOf({ label }: Tab): string {
  return label.toLowerCase().replace(/[^a-z]+/g, "-");
}
