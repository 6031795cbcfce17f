// For all tests: the texts are English unless a test says otherwise.

import { beforeEach } from 'vitest';
import { locale } from './lib/locale.svelte';

beforeEach(() => locale.use('en'));
