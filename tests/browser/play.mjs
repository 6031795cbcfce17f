// A test of several steps on one stage, which is set once and struck at the end, whatever happens between.

import { test } from 'node:test';
import { cannot } from './browser.mjs';
import { Stage } from './stage.mjs';

/**
 * `tell` gets the stage and `step(name, work)`. A step fails when its work does or when a page complained in its console. In a
 * `chain` each step builds on those before: after a failed one the others are skipped.
 */
export function play(title, { chain = false, seconds = 180, ...options }, tell) {
  test(title, { skip: cannot, timeout: seconds * 1000 }, async (run) => {
    const stage = await Stage.set(options);
    run.after(() => stage.strike());
    let broken = null;
    const step = (name, work) =>
      run.test(name, async (context) => {
        if (broken) return context.skip(`“${broken}” failed`);
        try {
          await work();
          stage.calm();
        } catch (error) {
          if (chain) broken = name;
          await stage.pictures(name).catch(() => undefined);
          stage.forgetComplaints();
          throw error;
        }
      });
    await tell(stage, step);
  });
}
