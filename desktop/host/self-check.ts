import { digestFacts, fact } from '../../core/ceremony/facts.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import { differences } from '../../core/ports/installation.ts';
import type { RoomInspector } from '../../core/ports/room.ts';
import type { ResponseOf } from '../contract/methods.ts';

/** Whether this program is what was installed; null where it was not installed with a list to compare with. */
export async function selfCheck(room: RoomInspector): Promise<ResponseOf<'hello'>['selfCheck']> {
  const report = await room().catch((error: unknown) => {
    if (isCoded(error)) return error;
    throw error;
  });
  if (isCoded(report)) return { ok: false, facts: [{ ...fact('not checked', report.message), style: 'warning' }] };
  const { installation } = report;
  if (installation === undefined || installation === 'unlisted') return null;
  const wrong = differences(installation);
  const found = wrong.map((line) => ({ ...fact('not as installed', line), style: 'warning' as const }));
  return { ok: wrong.length === 0, facts: [...digestFacts('list of files SHA-256', installation.list), ...found] };
}
