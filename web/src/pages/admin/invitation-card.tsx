/** One invitation to give away: a code to scan and the link behind it. */

import { encode } from "uqr";

import { CopyButton } from "../../components/copy-button";

const MARGIN = 2;

export function InvitationCard({ url }: { url: string }) {
  const { size, path } = drawn(url);
  return (
    <li class="invitation-card">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="Code to scan for this invitation">
        <path d={path} />
      </svg>
      <CopyButton text={url} label="Copy the link" />
    </li>
  );
}

/** The code as a path of unit squares. */
function drawn(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { border: MARGIN });
  const squares = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: squares.join("") };
}
