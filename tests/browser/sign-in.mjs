// What a person does on the sign-in screen, and the files that people bring there instead of the right one.

/** Chooses a file. */
export async function bringClient(page, text, name = 'client_secret.json') {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

/** Pastes a text somewhere on the page, as Ctrl and V do. */
export async function pasteText(page, text) {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Google's address, as the page shows it. */
export async function signInAddress(page) {
  return page.getByRole('main').locator('a[href*="/auth?"]').getAttribute('href');
}

/** Wrong files, and what Photokeep has to say of each. */
export const wrongClients = [
  { what: 'an empty file', text: ' \n', says: /is empty/ },
  { what: 'a web page', text: '<!doctype html><html><title>Sign in</title></html>', says: /web page/ },
  { what: 'a file that was cut', text: '{"installed":{"client_id":', says: /not readable as JSON/ },
  {
    what: 'the key of a service account',
    text: '{"type":"service_account","project_id":"p","private_key":"k"}',
    says: /service account/,
  },
  {
    what: 'a client without its secret',
    text: '{"installed":{"client_id":"1.apps.googleusercontent.com"}}',
    says: /client_secret/,
  },
  {
    what: 'a client number that Google never gave out',
    text: '{"installed":{"client_id":"YOUR_CLIENT_ID","client_secret":"s"}}',
    says: /does not end in "\.apps\.googleusercontent\.com"/,
  },
  {
    what: 'a web client without any address',
    text: '{"web":{"client_id":"12-a.apps.googleusercontent.com","client_secret":"s","redirect_uris":[]}}',
    says: /no redirect address/,
  },
  { what: 'some other JSON', text: '{"name":"package"}', says: /neither/ },
];
