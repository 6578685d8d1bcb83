import { formatRefusal } from '../../core/ports/coded-error.ts';
import type { Command } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { bundleOptions, verifyGiven } from './bundle-files.ts';

export const bundleVerify: Command = {
  name: 'bundle verify',
  summary: 'Verify a bundle as the online issuer will',
  operands: [{ name: 'FILE', help: 'the bundle (*.coldroot)' }],
  options: bundleOptions,
  notes: ['docs/bundle.md says how to do the same with openssl and sha256sum alone.'],
  run: async (input, program) => {
    const { verdict } = await verifyGiven(input, program);
    if (!verdict.ok) {
      program.output.note(formatRefusal(verdict.refusal));
      return exitCodes.notVerified;
    }
    const { manifest, sums } = verdict.bundle;
    const kind = manifest.rehearsal ? 'rehearsal bundle' : 'bundle';
    program.output.line(`OK: ${kind} of ${manifest.hierarchy}, epoch ${manifest.epoch}, until ${manifest.expires}`);
    program.output.line(`SHA256SUMS ${sums}`);
    return exitCodes.done;
  },
};
