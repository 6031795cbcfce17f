// The stage of a test: a simulated Google, a `photokeep serve` with a home of its own, and Chromium in front of it. The
// programs are in `processes.mjs`, the browser in `browser.mjs`; here is what a test does behind the user's back.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from './browser.mjs';
import { end, startServe, startSimulator } from './processes.mjs';

/** Asks until there is an answer that counts. */
export async function until(what, look, { seconds = 30, every = 100 } = {}) {
  const last = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > last) throw new Error(`${what} did not come within ${seconds} s`);
    await sleep(every);
  }
}

export class Stage {
  #processes = [];
  #cookie = null;
  #browser = null;
  #releases = null;

  /**
   * Sets the stage. `items` and `seed` say what the account holds, or `photos` names a folder; `latency` in milliseconds;
   * `library: false` leaves the folder to the user, as at a first start; `newest` is the version that a site names as the newest one.
   */
  static async set({ items = 60, seed = 3, photos, latency = 0, policy = 'before', library = true, newest } = {}) {
    const stage = new Stage();
    if (newest) await stage.#startReleases(newest);
    stage.folder = mkdtempSync(join(tmpdir(), 'photokeep-browser-'));
    stage.library = join(stage.folder, 'Photos');
    stage.fixed = library;
    await stage.#startGoogle({ items, seed, photos, latency, policy });
    await stage.serve();
    return stage;
  }

  async #startGoogle({ items, seed, photos, latency = 0, policy = 'before' }) {
    const holdings = photos ? ['--photos', photos] : ['--generate', String(items), '--seed', String(seed)];
    const google = await startSimulator([...holdings, '--policy', policy, '--latency-ms', String(latency)]);
    this.#processes.push(google.child);
    const { control, client_secret: client, ...endpoints } = google.ready;
    this.controlAddress = control;
    this.client = readFileSync(client, 'utf8');
    writeFileSync(join(this.folder, 'endpoints.json'), JSON.stringify(endpoints));
  }

  async #startReleases(version) {
    this.releasesAsked = 0;
    this.#releases = createServer((_request, response) => {
      this.releasesAsked += 1;
      response.end(JSON.stringify({ version, page: `${this.releases}/v${version}` }));
    });
    await new Promise((done) => this.#releases.listen(0, '127.0.0.1', done));
    this.releases = `http://127.0.0.1:${this.#releases.address().port}`;
  }

  /** Another account behind the same Photokeep, which is started anew for it. */
  async changeGoogle(options) {
    await this.#startGoogle(options);
    await this.stopServing();
    await this.serve();
  }

  get environment() {
    return {
      PHOTOKEEP_HOME: join(this.folder, 'state'),
      PHOTOKEEP_ENDPOINTS: join(this.folder, 'endpoints.json'),
      PHOTOKEEP_KEYCHAIN: 'off',
      PHOTOKEEP_LOG: 'warn',
      PHOTOKEEP_RELEASES: this.releases ? `${this.releases}/latest.json` : 'off',
    };
  }

  /** Starts `photokeep serve`, on the same address as before when it ran already. */
  async serve() {
    const listen = this.origin ? new URL(this.origin).host : '127.0.0.1:0';
    const folder = this.fixed ? [this.library] : [];
    this.server = await startServe([...folder, '--listen', listen], this.environment);
    this.#processes.push(this.server.child);
    this.origin = this.server.origin;
    this.#cookie = null;
  }

  /** Ends `photokeep serve`: tidily, or as a power cut does. */
  async stopServing({ hard = false } = {}) {
    await end(this.server.child, hard ? 'SIGKILL' : 'SIGTERM');
  }

  /** Uses a cookie that the test got by itself. */
  useCookie(value) {
    this.#cookie = value;
  }

  /** Redeems the one-time code, once for all pages of the stage. */
  async cookie() {
    if (this.#cookie === null) {
      const response = await this.send('/session', { code: this.server.code });
      if (!response.ok) throw new Error(`the code was refused: ${response.status}`);
      this.#cookie = /photokeep-\d+=([^;]+)/.exec(response.headers.get('set-cookie'))[1];
    }
    return this.#cookie;
  }

  send(path, body, headers = {}) {
    return fetch(this.origin + path, {
      method: 'POST',
      headers: { origin: this.origin, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Calls the engine past the user interface. */
  async call(command, payload = {}) {
    const response = await this.send(
      '/rpc',
      { command, payload },
      { cookie: `photokeep-${new URL(this.origin).port}=${await this.cookie()}` },
    );
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${command}: ${answer.message}`), answer);
    return answer;
  }

  /** Speaks to the simulated Google behind the engine's back. */
  async control(path, body) {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${this.controlAddress}/${path}`, init);
    const answer = await response.json();
    if (!response.ok) throw new Error(`control/${path}: ${answer.error}`);
    return answer;
  }

  fault(rule) {
    return this.control('faults', rule);
  }

  clearFaults() {
    return fetch(`${this.controlAddress}/faults`, { method: 'DELETE' });
  }

  /** Says yes (or no) at Google; resolves to the address on which that browser ends. */
  async approve(address, { refuse = false } = {}) {
    return (await this.control('approve', { url: address, refuse })).redirect;
  }

  /** Signs in without looking. */
  async signIn() {
    const { address } = await this.call('account.sign_in', { client: this.client, whole_library: true });
    await fetch(await this.approve(address));
    await until('the sign-in', async () => (await this.call('account.sign_in_state')).signed_in);
  }

  /** Waits for the run to end and gives its last state. */
  async runEnds(seconds = 60) {
    return until(
      'the end of the run',
      async () => {
        const run = await this.call('run.show');
        return run.activity === 'ended' ? run : null;
      },
      { seconds },
    );
  }

  /** Syncs without looking. */
  async sync() {
    await this.call('sync.start');
    const { receipt, error } = await this.runEnds();
    await this.call('run.dismiss');
    if (error) throw new Error(`the sync ended with ${error.code}: ${error.message}`);
    return receipt;
  }

  /** Ready for looking at: signed in and synced. */
  async filled() {
    await this.signIn();
    await this.sync();
    await this.call('settings.set', { welcomed: true, language: 'en' });
    return this;
  }

  /** A page of a browser that nobody knows yet; options as `Browser.page`. */
  async strangersPage(address, options = {}) {
    this.#browser ??= await Browser.open();
    return this.#browser.page(address, options);
  }

  /** A page of a browser that is let in already. */
  async page(place = '', options = {}) {
    return this.strangersPage(`${this.origin}/${place}`, { ...options, cookie: await this.cookie() });
  }

  /** Fails on anything that a page has complained of since. */
  calm() {
    this.#browser?.calm();
  }

  forgetComplaints() {
    this.#browser?.forgetComplaints();
  }

  /** Pictures of all pages, for whoever wonders why a test failed. */
  async pictures(name) {
    await this.#browser?.pictures(name);
  }

  /** Ends everything that was started. */
  async strike() {
    await this.#browser?.close();
    this.#releases?.close();
    for (const child of this.#processes.reverse()) await end(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
