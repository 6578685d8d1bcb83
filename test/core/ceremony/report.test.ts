import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../core/ceremony/report.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';

describe('the report', () => {
  it('spells out what a device says of itself, so that it turns no line around and closes no tag', async () => {
    const room = new MemoryRoom();
    room.root.info = { ...room.root.info, model: 'M\u202eodel</td>', firmware: '1\u00ad.0\u0007' };
    room.root.certificates = [{ label: 'left\u200bover\u001b[2J', id: '', der: new Uint8Array([0x30, 0]) }];
    const ceremony = await room.begin(rootPlan);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const html = reportHtml(ceremony.state, room.now);
    expect(html).toContain('M\\u{202e}odel&lt;/td&gt;');
    expect(html).toContain('1\\u{ad}.0\\u{7}');
    expect(html).toContain('left\\u{200b}over\\u{1b}[2J');
    for (const character of ['\u202e', '\u00ad', '\u0007', '\u200b', '\u001b']) expect(html).not.toContain(character);
  });
});
