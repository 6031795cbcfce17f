// Who gets in to `photokeep serve`, and who does not. Spoken to over plain HTTP, as an attacker would; no browser is needed.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { end, runPhotokeep, startServe } from './processes.mjs';
import { Stage } from './stage.mjs';

describe('the door of photokeep serve', () => {
  let stage;
  let cookie;
  let file;
  before(async () => {
    stage = await Stage.set({ items: 3 });
  });
  after(() => stage?.strike());

  /** A request of its own connection with exactly these headers; `fetch` would not let a test lie about Host and Origin. */
  function ask(path, { method = 'GET', headers = {}, body, origin = stage.origin } = {}) {
    const { hostname, port, host } = new URL(origin);
    return new Promise((done, failed) => {
      const sent = request(
        { hostname, port, path, method, agent: false, headers: { host, ...headers } },
        (response) => {
          if (response.headers['content-type']?.startsWith('text/event-stream')) {
            response.destroy();
            return done({ status: response.statusCode, headers: response.headers, text: '' });
          }
          const parts = [];
          response.on('data', (part) => parts.push(part));
          response.on('end', () =>
            done({
              status: response.statusCode,
              headers: response.headers,
              text: Buffer.concat(parts).toString('latin1'),
            }),
          );
        },
      );
      sent.on('error', failed);
      sent.end(body);
    });
  }
  const json = (value, headers = {}) => ({
    method: 'POST',
    body: JSON.stringify(value),
    headers: { origin: stage.origin, 'content-type': 'application/json', ...headers },
  });
  const command = { command: 'app.start', payload: {} };

  test('the page itself is for everybody and strict', async () => {
    const { status, headers } = await ask('/');
    assert.equal(status, 200);
    assert.match(headers['content-security-policy'], /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|http|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  });

  test('without a cookie there are no commands, events, pictures or films', async () => {
    assert.equal((await ask('/rpc', json(command))).status, 401);
    for (const path of ['/events', '/media/file/1', '/media/thumbnail/1'])
      assert.equal((await ask(path)).status, 401, path);
    const made = { cookie: `photokeep-${new URL(stage.origin).port}=${'0'.repeat(64)}` };
    assert.equal((await ask('/events', { headers: made })).status, 401);
  });

  test('a wrong code is refused, and slowly', async () => {
    const begun = Date.now();
    const { status, headers } = await ask('/session', json({ code: 'f'.repeat(64) }));
    assert.equal(status, 403);
    assert.equal(headers['set-cookie'], undefined);
    assert.ok(Date.now() - begun >= 900, 'guessing takes time');
    assert.equal((await ask('/session', json({ password: '' }))).status, 403, 'no password was set, so none is right');
    assert.ok((await ask('/session', json({ code: ['a'] }))).status >= 400, 'nonsense');
  });

  test('the printed code gives a cookie that scripts and other sites cannot use, once', async () => {
    const { status, headers } = await ask('/session', json({ code: stage.server.code }));
    assert.equal(status, 204);
    const [set] = headers['set-cookie'];
    // Browsers keep the cookies of all ports together.
    assert.ok(set.startsWith(`photokeep-${new URL(stage.origin).port}=`), set);
    assert.match(set, /; HttpOnly/);
    assert.match(set, /; SameSite=Strict/);
    assert.match(set, /; Path=\//);
    cookie = { cookie: set.split(';')[0] };
    stage.useCookie(cookie.cookie.replace(/^photokeep-\d+=/, ''));
    assert.equal((await ask('/rpc', json(command, cookie))).status, 200);
    assert.equal((await ask('/session', json({ code: stage.server.code }))).status, 403, 'a second time');
  });

  test('a site that has its name point here is refused', async () => {
    for (const host of ['evil.example', `evil.example:${new URL(stage.origin).port}`, '127.0.0.1:1', '192.168.1.2'])
      assert.equal((await ask('/', { headers: { host } })).status, 403, host);
  });

  test('a command that another site made the browser send is refused', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1', `${stage.origin}.evil.example`])
      assert.equal((await ask('/rpc', json(command, { ...cookie, origin }))).status, 403, origin);
    const { headers, ...without } = json(command, cookie);
    delete headers.origin;
    assert.equal((await ask('/rpc', { ...without, headers })).status, 403, 'no Origin');
    assert.equal((await ask('/events', { headers: { ...cookie, origin: 'http://evil.example' } })).status, 403);
  });

  test('a form of another site cannot be a command', async () => {
    const form = {
      method: 'POST',
      body: JSON.stringify(command),
      headers: { ...cookie, origin: stage.origin, 'content-type': 'text/plain' },
    };
    assert.ok((await ask('/rpc', form)).status >= 400);
  });

  test('unknown commands and broken requests are refused in order', async () => {
    assert.equal((await ask('/rpc', json({ command: 'app.explode', payload: {} }, cookie))).status, 422);
    assert.equal((await ask('/rpc', json({ command: 'item.show', payload: { id: 'x' } }, cookie))).status, 422);
    assert.ok((await ask('/rpc', { ...json({}, cookie), body: '{' })).status >= 400);
    // Whoever goes on sending after the refusal finds the line cut.
    const huge = await ask('/rpc', { ...json({}, cookie), body: `"${'x'.repeat(2 << 20)}"` }).catch((error) => ({
      status: error.code,
    }));
    assert.ok([413, 'ECONNRESET', 'EPIPE'].includes(huge.status), String(huge.status));
    assert.equal((await ask('/rpc', json(command, cookie))).status, 200, 'and the server lives');
  });

  test('pictures and films go by number, never by path', async () => {
    await stage.call('library.open', { folder: stage.library });
    await stage.signIn();
    await stage.sync();
    const [{ key }] = (await stage.call('timeline.buckets', { album: null })).buckets;
    file = (await stage.call('timeline.bucket', { album: null, key })).file[0];
    assert.equal((await ask(`/media/file/${file}`, { headers: cookie })).status, 200);
    const others = [
      '/media/file/999999',
      '/media/file/-1',
      '/media/file/0',
      '/media/thumbnail/999999',
      '/media/other/1',
      '/media/file/..%2f..%2fetc%2fpasswd',
      '/media/file/../../../../etc/passwd',
      '/media/..%2f..%2f',
      `/media/file/${file}/../../..`,
      '/%2e%2e/%2e%2e/etc/passwd',
      '/../Cargo.toml',
    ];
    for (const path of others) assert.equal((await ask(path, { headers: cookie })).status, 404, path);
  });

  test('a stretch of a file can be asked for, and what does not exist cannot', async () => {
    const path = `/media/file/${file}`;
    const whole = await ask(path, { headers: cookie });
    const size = Number(whole.headers['content-length']);
    assert.equal(whole.text.length, size);
    const part = await ask(path, { headers: { ...cookie, range: 'bytes=10-19' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], `bytes 10-19/${size}`);
    assert.equal(part.text, whole.text.slice(10, 20));
    const tail = await ask(path, { headers: { ...cookie, range: 'bytes=-5' } });
    assert.equal(tail.text, whole.text.slice(-5));
    const beyond = await ask(path, { headers: { ...cookie, range: `bytes=${size}-` } });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers['content-range'], `bytes */${size}`);
  });

  test('what the browser has already is not sent again, and opened as a page it can do nothing', async () => {
    const path = `/media/file/${file}`;
    const { headers } = await ask(path, { headers: cookie });
    assert.match(headers['content-security-policy'], /sandbox/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    const again = await ask(path, { headers: { ...cookie, 'if-none-match': headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    assert.equal((await ask(path, { headers: { ...cookie, 'if-none-match': '"other"' } })).status, 200);
  });

  test('it does not listen for the network without being told, nor without a good password', async () => {
    const word = join(stage.folder, 'password');
    writeFileSync(word, 'too short\n');
    for (const [args, says] of [
      [['--listen', '0.0.0.0:0'], /--allow-network/],
      [['--listen', '0.0.0.0:0', '--allow-network'], /password/i],
      [['--listen', '0.0.0.0:0', '--allow-network', '--password-file', word], /12/],
      [['--listen', new URL(stage.origin).host], /cannot listen/],
    ]) {
      const { code, output, complaints } = await runPhotokeep(['serve', stage.library, ...args], {
        ...stage.environment,
        PHOTOKEEP_HOME: join(stage.folder, 'other'),
      });
      assert.equal(code, 2, `${args.join(' ')}: ${complaints}`);
      assert.match(complaints, says);
      assert.doesNotMatch(output, /#code=/);
    }
  });

  test('a password lets in as often as it is given, and nothing like it does', async () => {
    const word = join(stage.folder, 'good-password');
    writeFileSync(word, 'correct horse battery\n');
    const { child, origin } = await startServe(['--listen', '127.0.0.1:0', '--password-file', word], {
      ...stage.environment,
      PHOTOKEEP_HOME: join(stage.folder, 'third'),
    });
    const give = (password) => ask('/session', { ...json({ password }, { origin }), origin });
    assert.deepEqual(JSON.parse((await ask('/session', { origin })).text), { inside: false, password: true });
    assert.equal((await give('correct horse')).status, 403);
    assert.equal((await give('correct horse battery\n')).status, 403);
    for (const time of [1, 2]) assert.equal((await give('correct horse battery')).status, 204, `time ${time}`);
    assert.equal((await end(child)).code, 0, 'ends tidily when asked to');
  });
});
