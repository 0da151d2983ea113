/** What somebody has written, with its addresses to be followed. */

import { linked } from "../format/linked";

export function LinkedText({ text }: { text: string }) {
  return (
    <>
      {linked(text).map(({ text: piece, href }, index) =>
        href === undefined ? (
          piece
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece}
          </a>
        ),
      )}
    </>
  );
}
