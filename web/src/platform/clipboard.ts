/** Copying texts. */

/** Copies a text; whether that worked. The clipboard is there on https and on this machine alone; elsewhere a selection is copied. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch (failure) {
      if (!(failure instanceof DOMException)) {
        throw failure;
      }
    }
  }
  return copySelection(text);
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "unseen";
  // Inside an open dialog alone can be selected what is there.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  // The only way to copy on plain http; browsers keep it for that.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) {
    focused.focus();
  }
  return isCopied;
}
