import { describe, expect, it, vi } from 'vitest';
import type { Bucket } from '../backend';
import { BucketCache } from './cache';

function bucket(count: number, first = 0): Bucket {
  const id = Array.from({ length: count }, (_, index) => first + index);
  return {
    id,
    file: id,
    ratio: id.map(() => 1.5),
    video: id.map(() => false),
    taken: id,
    types: ['JPEG'],
    type_number: id.map(() => 0),
    shows: id.map(() => true),
    color: id.map(() => 0x102030),
  };
}

function made(keep = { buckets: 3, items: 1000 }) {
  const waiting = new Map<string, { answer: (bucket: Bucket) => void; refuse: (error: unknown) => void }>();
  const asked: string[] = [];
  const onload = vi.fn();
  const onfail = vi.fn();
  const cache = new BucketCache({
    fetch: (key) => {
      asked.push(key);
      return new Promise((answer, refuse) => waiting.set(key, { answer, refuse }));
    },
    onload,
    onfail,
    keep,
    atOnce: 2,
  });
  const answer = async (key: string, value = bucket(10)) => {
    waiting.get(key)?.answer(value);
    await Promise.resolve();
    await Promise.resolve();
  };
  const refuse = async (key: string) => {
    waiting.get(key)?.refuse({ code: 'internal', message: 'no' });
    await new Promise((done) => setTimeout(done));
  };
  return { cache, asked, answer, refuse, onload, onfail };
}

describe('the cache of buckets', () => {
  it('asks nearest first, two at a time', async () => {
    const { cache, asked, answer } = made();
    cache.want(['b', 'a', 'c', 'd']);
    expect(asked).toEqual(['b', 'a']);
    await answer('b');
    expect(asked).toEqual(['b', 'a', 'c']);
  });

  it('gives up what the view has passed before its turn', async () => {
    const { cache, asked, answer } = made();
    cache.want(['a', 'b', 'c', 'd']);
    cache.want(['x', 'y']);
    await answer('a');
    await answer('b');
    expect(asked).toEqual(['a', 'b', 'x', 'y']);
  });

  it('does not ask twice', async () => {
    const { cache, asked, answer } = made();
    cache.want(['a']);
    cache.want(['a']);
    const loading = cache.load('a');
    await answer('a');
    expect((await loading).count).toBe(10);
    cache.want(['a']);
    expect(asked).toEqual(['a']);
  });

  it('forgets the longest unused, never what is wanted', async () => {
    const { cache, answer } = made();
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      cache.want([key]);
      await answer(key);
    }
    cache.want(['b']);
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key))).toEqual(['b', 'c', 'd', 'e']);
    cache.want(['c', 'd', 'e', 'b', 'f']);
    await answer('f', bucket(20_000));
    expect(['b', 'c', 'd', 'e', 'f'].every((key) => cache.get(key))).toBe(true);
  });

  it('forgets by items as well', async () => {
    const { cache, answer } = made({ buckets: 100, items: 1000 });
    for (const key of ['a', 'b', 'c']) {
      cache.want([key]);
      await answer(key, bucket(600));
    }
    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([false, true, true]);
  });

  it('shows what it had until a new answer is there', async () => {
    const { cache, asked, answer, onload } = made();
    cache.want(['a']);
    await answer('a');
    cache.refresh();
    expect(cache.get('a')?.count).toBe(10);
    cache.want(['a']);
    expect(asked).toEqual(['a', 'a']);
    await answer('a', bucket(11));
    expect(cache.get('a')?.count).toBe(11);
    expect(onload).toHaveBeenCalledTimes(2);
  });

  it('drops an answer from before the library changed', async () => {
    const { cache, answer, onload } = made();
    cache.want(['a']);
    cache.refresh();
    await answer('a');
    expect(onload).not.toHaveBeenCalled();
    expect(cache.get('a')).toBeUndefined();
  });

  it('asks again for what failed only when told to', async () => {
    const { cache, asked, refuse, onfail } = made();
    cache.want(['a']);
    await refuse('a');
    expect(onfail).toHaveBeenCalledWith('a', expect.objectContaining({ code: 'internal' }));
    cache.want(['a']);
    expect(asked).toEqual(['a']);
    cache.retry();
    expect(asked).toEqual(['a', 'a']);
  });

  it('keeps items as they came', async () => {
    const { cache, answer } = made();
    cache.want(['a']);
    await answer('a', {
      ...bucket(3, 2 ** 40),
      taken: [1, null, 3],
      color: [0x0a0b0c, null],
      shows: [true, false, true],
    });
    const columns = cache.get('a');
    expect([...(columns?.id ?? [])]).toEqual([2 ** 40, 2 ** 40 + 1, 2 ** 40 + 2]);
    expect([...(columns?.color ?? [])]).toEqual([0x0a0b0c, -1, -1]);
    expect(columns?.taken[1]).toBeNaN();
  });
});
