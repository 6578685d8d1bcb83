import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/house/slow-first.ts';

// One suite; folders under test/ mirror the rooms they test. Files run in separate processes because several of them
// start their own SoftHSM, PostgreSQL or issuer and must not share environment or handles.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    pool: 'forks',
    // Most of these tests wait for processes they started: on two cores three of them keep both busy.
    maxWorkers: 3,
    // Far more than anything takes: a test must not fail because others keep the machine busy.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    sequence: { sequencer: SlowFirst },
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default'],
  },
});
