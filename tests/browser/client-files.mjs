// Files that people bring instead of their `client_secret.json`, and what Photokeep has to say of each.

export const wrongClientFiles = [
  { what: 'an empty file', text: ' \n', says: /is empty/ },
  { what: 'a web page', text: '<!doctype html><html><title>Sign in</title></html>', says: /web page/ },
  { what: 'a cut file', text: '{"installed":{"client_id":', says: /not readable as JSON/ },
  { what: 'the key of a service account', text: '{"type":"service_account","project_id":"p","private_key":"k"}', says: /service account/ },
  { what: 'a file without its secret', text: '{"installed":{"client_id":"1.apps.googleusercontent.com"}}', says: /client_secret/ },
  { what: 'some other JSON', text: '{"name":"package"}', says: /neither/ },
];
