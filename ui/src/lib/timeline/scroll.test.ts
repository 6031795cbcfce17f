import { describe, expect, it } from 'vitest';
import { dice } from './dice';
import { ScrollMap } from './scroll';

describe('a timeline below the cap', () => {
  it('is scrolled pixel by pixel', () => {
    const map = new ScrollMap();
    map.resize(100_000, 800);
    expect(map.scrolled(1234)).toBeNull();
    expect(map.at).toBe(1234);
    expect(map.shift).toBe(0);
  });

  it('moves under a scroll bar that stays, and brings both together when it is quiet', () => {
    const map = new ScrollMap();
    map.resize(100_000, 800);
    map.scrolled(5000);
    map.resize(101_000, 800);
    map.moved(6000);
    expect(map.scroll).toBe(5000);
    expect(map.shift).toBe(1000);
    map.scrolled(5100);
    expect(map.at).toBe(6100);
    expect(map.settle()).toBe(6100);
    expect(map.shift).toBe(0);
    expect(map.settle()).toBeNull();
  });

  it('never ends before its end, also while the two differ', () => {
    const map = new ScrollMap();
    map.resize(10_000, 800);
    map.scrolled(500);
    map.moved(900);
    expect(map.scrolled(0)).toBe(400);
    expect(map.scrolled(0)).toBeNull();
    expect(map.at).toBe(0);
    map.scrolled(9000);
    map.moved(9100);
    expect(map.scrolled(9200)).toBeNull();
    expect(map.at).toBe(9200);
    expect(map.shift).toBe(0);
  });
});

describe('a timeline above the cap', () => {
  const tall = () => {
    const map = new ScrollMap(1_000_000);
    map.resize(9_000_000, 800);
    return map;
  };

  it('has an element of the cap', () => {
    expect(tall().element).toBe(1_000_000);
  });

  it('moves pixel by pixel in small steps and by share in great ones', () => {
    const map = tall();
    map.scrolled(100);
    expect(map.at).toBe(100);
    map.scrolled(500_000);
    expect(map.at / map.end).toBeCloseTo(500_000 / 999_200, 3);
  });

  it('reaches both ends by small steps', () => {
    const map = tall();
    map.goTo(map.end - 5000);
    for (let step = 0; step < 100 && map.at < map.end; step += 1) map.scrolled(Math.min(map.scroll + 200, 999_200));
    expect(map.at).toBe(map.end);
    map.goTo(5000);
    for (let step = 0; step < 100 && map.at > 0; step += 1) map.scrolled(Math.max(map.scroll - 200, 0));
    expect(map.at).toBe(0);
  });

  it('is never outside, and never jumps on a small step, whatever is done', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const next = dice(seed);
      const map = tall();
      for (let step = 0; step < 200; step += 1) {
        const what = next();
        const before = map.at;
        if (what < 0.7) {
          const by = (next() - 0.5) * 1500;
          map.scrolled(Math.min(Math.max(map.scroll + by, 0), 999_200));
          expect(Math.abs(map.at - before), `seed ${seed} step ${step}`).toBeLessThanOrEqual(Math.abs(by) + 0.01);
        } else if (what < 0.8) map.goTo(next() * 9_000_000);
        else if (what < 0.9) map.moved(map.at + (next() - 0.5) * 4000);
        else map.settle();
        expect(map.at).toBeGreaterThanOrEqual(0);
        expect(map.at).toBeLessThanOrEqual(map.end);
      }
    }
  });
});
