// Keeps Tab inside a dialog that is made here (bits-ui does it for its own).

/** For `onkeydown` of the dialog: Tab goes round inside. */
export function trapTab(event: KeyboardEvent, dialog: HTMLElement): void {
  if (event.key !== 'Tab') return;
  const all = [
    ...dialog.querySelectorAll<HTMLElement>('a[href], button:not(:disabled), video, summary, [tabindex="0"]'),
  ].filter((element) => element.getClientRects().length > 0);
  const first = all[0];
  const last = all.at(-1);
  const { activeElement } = document;
  const outside = activeElement === dialog || !dialog.contains(activeElement);
  if (event.shiftKey && (outside || activeElement === first)) last?.focus();
  else if (!event.shiftKey && (activeElement === last || (outside && activeElement !== dialog))) first?.focus();
  else return;
  event.preventDefault();
}
