/** Hands the address of the page on: by what the device shares with, or as a link to copy. */

import { placed } from "../platform/place";
import { address } from "../routing/location";
import { useStore } from "../store";
import { CopyButton } from "./copy-button";

export function ShareButton({ title }: { title: string }) {
  const { origin, pathname } = useStore(address);
  const url = origin + placed(pathname);
  if (!("share" in navigator)) {
    return <CopyButton text={url} label="Copy the link" />;
  }
  return (
    <button type="button" class="button button-small" onClick={() => void share(title, url)}>
      Share
    </button>
  );
}

async function share(title: string, url: string): Promise<void> {
  try {
    await navigator.share({ title, url });
  } catch (failure) {
    // Closing the device's sheet is no failure.
    if (!(failure instanceof DOMException)) {
      throw failure;
    }
  }
}
