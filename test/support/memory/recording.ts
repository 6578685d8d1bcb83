import { readFileSync } from 'node:fs';
import { eventOf, type CeremonyEvent } from '../../../core/ceremony/events.ts';
import { shippedPlan } from '../rehearsal-room.ts';
import { MemoryRoom } from './room.ts';

/** The root plan that ships. */
export const rootPlan = readFileSync(shippedPlan('root'), 'utf8');

/** The same, with two people's approval of everything that is signed. */
export const approvedPlan = rootPlan.replace(
  '\nprofiles:',
  '\napprovals: { quorum: 2, by: [officer, witness] }\n\nprofiles:',
);

/** Holds the whole root ceremony once; its events. */
export async function recordedEvents(plan = rootPlan): Promise<readonly CeremonyEvent[]> {
  const room = new MemoryRoom();
  await room.play(await room.begin(plan));
  return room.journal.records.map((record) => {
    const event = eventOf(record);
    if (event === undefined) throw new Error(`record ${record.sequence}`);
    return event;
  });
}
