// Chooses how this page reaches the engine.

import type { Backend } from '../backend/backend';
import { browserBackend, type Entry, redeemCode, redeemLaterCodes } from './browser';
import { insideWindow, windowBackend } from './tauri';

export { type Entry, givePassword } from './browser';

/** Finds the engine; in a browser, shows the one-time code first. */
export async function connect(notLetIn: (entry: Entry) => void): Promise<Backend> {
  if (insideWindow()) return windowBackend;
  await redeemCode().catch(() => undefined); // whatever is wrong shows with the first call
  redeemLaterCodes();
  return browserBackend({ notLetIn });
}
