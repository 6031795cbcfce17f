// Start: find the engine, then show the shell.

import { mount } from 'svelte';
import App from './App.svelte';
import { provideBackend } from './lib/backend';
import { locale } from './lib/locale.svelte';
import type { Entry } from './lib/platform';
import { connect } from './lib/platform';
import { entry } from './shell/entry.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/popup.css';

locale.use('system');
provideBackend(await connect((wanted: Entry) => entry.ask(wanted)));
mount(App, { target: document.body.querySelector('#app') ?? document.body });
