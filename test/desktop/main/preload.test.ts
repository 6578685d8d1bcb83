import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../support/rehearsal-room.ts';

test('the preload script gives the page three functions on three channels, and nothing of Electron', () => {
  const hook = path.join(import.meta.dirname, 'preload-hook.mjs');
  const said: unknown = JSON.parse(execFileSync(process.execPath, [hook], { encoding: 'utf8' }));
  expect(said).toEqual({
    name: 'coldroot',
    keys: ['call', 'secret', 'subscribe'],
    channels: ['coldroot:call', 'coldroot:secret', 'on coldroot:event', 'off coldroot:event'],
    wiped: true,
    heard: [[{ event: 'changed', body: { snapshot: null } }]],
    stopped: true,
  });
});

test('the preload script is shorter than thirty lines', () => {
  const text = readFileSync(path.join(projectRoot, 'desktop/preload/preload.ts'), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThan(30);
});
