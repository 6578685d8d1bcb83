import { differences } from '../../core/ports/installation.ts';
import { hexGroups, wordRows } from '../../core/ceremony/words.ts';
import type { Command } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';

/** The same look at the same files as the act check-room takes: what it says here, the transcript will say. */
export const selfCheck: Command = {
  name: 'self-check',
  summary: 'Compare every installed file with the list it was installed with',
  operands: [],
  options: {},
  notes: [
    'The SHA-256 of the list is to be compared with the one on paper: docs/install.md says where that comes from.',
  ],
  run: async (_, { output, ports }) => {
    const { version, platform, installation } = await ports.room();
    output.line(`Coldroot ${version} on ${platform}`);
    if (installation === undefined || installation === 'unlisted') {
      output.line('There is no list to compare with: this program was not installed from a package.');
      return exitCodes.notVerified;
    }
    output.line(`list of ${installation.files} files, SHA-256 ${hexGroups(installation.list)}`);
    output.line(wordRows(installation.list).join('\n'));
    const wrong = differences(installation);
    for (const difference of wrong) output.line(`NOT AS LISTED: ${difference}`);
    if (wrong.length === 0) output.line('Every file is as listed, and there is no other.');
    return wrong.length === 0 ? exitCodes.done : exitCodes.notVerified;
  },
};
