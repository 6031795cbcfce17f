/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig, type Plugin } from 'vite';

/** Compiles the texts anew whenever one changes while `npm run dev` runs. */
function texts(): Plugin {
  return {
    name: 'photokeep-texts',
    apply: 'serve',
    configureServer(server) {
      const messages = fileURLToPath(new URL('./messages', import.meta.url));
      const compile = fileURLToPath(new URL('./tools/messages.mjs', import.meta.url));
      server.watcher.add(messages);
      server.watcher.on('change', async (path) => {
        if (!path.startsWith(messages)) return;
        const { execFile } = await import('node:child_process');
        execFile(
          process.execPath,
          [compile],
          (_error, _out, complaint) => complaint && server.config.logger.error(complaint),
        );
      });
    },
  };
}

/** Where `photokeep serve` or `npm run pretend` listens, for work in a browser with hot reload. */
const serve = process.env.PHOTOKEEP_SERVE;
const host = serve && { target: serve.includes('://') ? serve : `http://${serve}`, changeOrigin: true };

export default defineConfig({
  plugins: [texts(), svelte(), svelteTesting()],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // `photokeep serve` checks Origin as well as Host.
    proxy: host
      ? Object.fromEntries(
          ['/rpc', '/events', '/media', '/session'].map((path) => [
            path,
            {
              ...host,
              configure: (proxy) => proxy.on('proxyReq', (request) => request.setHeader('origin', host.target)),
            },
          ]),
        )
      : undefined,
  },
  build: {
    // WebKitGTK 2.40 (Debian 12 began with it), Safari 16, and what WebView2 always has.
    target: ['safari16', 'chrome111', 'firefox113'],
    // The content security policy forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // `npm run look -- gallery` builds the page of all components beside the app.
    ...(process.env.PHOTOKEEP_GALLERY && { rolldownOptions: { input: ['index.html', 'tools/gallery/index.html'] } }),
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
    // Styles are left out of tests, but for those whose text is tested.
    css: { include: [/tokens\.css/] },
  },
});
