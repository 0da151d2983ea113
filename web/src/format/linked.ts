/** Plain text with the addresses in it, so that these can be followed. */

export interface Piece {
  readonly text: string;
  /** Where it leads; undefined for what is no address. */
  readonly href?: string;
}

/** Where no blanks are between sentences, their marks end an address too. */
const ADDRESS = /https?:\/\/[^\s<>"、。，．！？：；「」『』（）【】《》]+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}'’”»،؛؟।۔]+$/u;

/** The text, cut where addresses begin and end; together the pieces are the text again. */
export function linked(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    const href = hrefOf(address);
    if (href !== undefined) {
      pieces.push({ text: text.slice(end, match.index) }, { text: address, href });
      end = match.index + address.length;
    }
  }
  pieces.push({ text: text.slice(end) });
  return pieces.filter((piece) => piece.text !== "");
}

function hrefOf(address: string): string | undefined {
  try {
    const { protocol, username, href } = new URL(address);
    return (protocol === "https:" || protocol === "http:") && username === "" ? href : undefined;
  } catch {
    return undefined; // it only begins like one
  }
}
