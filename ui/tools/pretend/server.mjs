// Serves the built UI with the strict content security policy and the pretended library behind it, as `photokeep serve` does
// with a real one. `npm run pretend -- --scenario running`; other scenarios at run time: POST /pretend {"scenario": "ended"}.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands, fault, run, state } from './library.mjs';
import { picture } from './pictures.mjs';
import { isBroken } from './timeline.mjs';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

/** Starts it; resolves to its address and how to end it. */
export function pretend({ dist, port = 0, scenario = 'ready', password = null }) {
  state.scenario = scenario;
  const listeners = new Set();
  let at = 0;
  const tell = (event) => {
    for (const response of listeners) response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const ticking = setInterval(() => {
    if (state.scenario !== 'running') return;
    at += 1;
    tell({ event: 'run', run: run('running', at) });
  }, 250);

  const server = createServer(async (request, response) => {
    const send = (status, value, type = 'application/json') => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': policy,
        'cache-control': 'no-cache',
      });
      response.end(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value));
    };
    const { pathname } = new URL(request.url, 'http://here');
    if (pathname === '/session' && request.method === 'GET')
      return send(200, { inside: password === null, password: password !== null });
    if (pathname === '/session') {
      if (password !== null && (await body(request)).password !== password) return send(403, '');
      password = null;
      return send(204, '');
    }
    if (pathname === '/pretend') {
      Object.assign(state, await body(request));
      tell({ event: 'run', run: run(state.scenario, at) });
      tell({ event: 'library' });
      return send(200, {});
    }
    if (pathname === '/rpc') {
      if (password !== null) return send(401, '');
      const { command, payload } = await body(request);
      try {
        if (!commands[command]) throw fault('usage', `There is no command ${command}.`);
        send(200, commands[command](payload));
        if (command.startsWith('run.') || command.startsWith('sync.'))
          tell({ event: 'run', run: run(state.scenario, at) });
        if (command === 'account.paste')
          setTimeout(() => tell({ event: 'sign-in', sign_in: commands['account.sign_in_state']() }), 400);
      } catch (error) {
        send(422, error.code ? error : fault('internal', String(error)));
      }
      return;
    }
    if (pathname === '/events') {
      if (password !== null) return send(401, '');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(':\n\n');
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return;
    }
    if (pathname.startsWith('/media/')) {
      const [, , kind, file] = pathname.split('/');
      if (isBroken(kind, Number(file))) return send(kind === 'thumbnail' ? 404 : 200, 'no picture', 'image/jpeg');
      return send(200, picture(Number(file)), 'image/svg+xml');
    }
    const path = join(dist, normalize(pathname === '/' ? '/index.html' : pathname));
    if (!path.startsWith(dist) || !existsSync(path)) return send(404, '', 'text/plain');
    send(200, readFileSync(path), types[extname(path)] ?? 'application/octet-stream');
  });

  return new Promise((done) => {
    server.listen(port, '127.0.0.1', () => {
      done({
        address: `http://127.0.0.1:${server.address().port}/`,
        close: () => {
          clearInterval(ticking);
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => {
    const index = process.argv.indexOf(`--${name}`);
    return index > 0 ? process.argv[index + 1] : otherwise;
  };
  const { address } = await pretend({
    dist: option('dist', join(dirname(fileURLToPath(import.meta.url)), '../../dist')),
    port: Number(option('port', 7467)),
    scenario: option('scenario', 'ready'),
    password: option('password', null),
  });
  console.log(address);
}
