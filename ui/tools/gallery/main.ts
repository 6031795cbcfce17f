// All components on one page, for looking at them: `npm run look -- gallery`. Not part of the app.

import { mount } from 'svelte';
import { provideBackend } from '../../src/lib/backend';
import { locale } from '../../src/lib/locale.svelte';
import { connect } from '../../src/lib/platform';
import Gallery from './Gallery.svelte';
import '../../src/styles/tokens.css';
import '../../src/styles/base.css';
import '../../src/styles/popup.css';

locale.use('system');
provideBackend(await connect(() => undefined));
mount(Gallery, { target: document.body.querySelector('#app') ?? document.body });
