import type { Command } from '../cli/command.ts';
import { bundleShow } from './bundle-show.ts';
import { bundleVerify } from './bundle-verify.ts';
import { ceremonyCheck } from './ceremony-check.ts';
import { ceremonyResume } from './ceremony-resume.ts';
import { ceremonyRun } from './ceremony-run.ts';
import { ceremonyVerify } from './ceremony-verify.ts';
import { desktop } from './desktop.ts';
import { lint } from './lint.ts';
import { schema } from './schema.ts';
import { selfCheck } from './self-check.ts';
import { tokenInventory } from './token-inventory.ts';
import { tokenList } from './token-list.ts';

/** Every command, in the order `coldroot --help` lists them. To add one: write its file, put it here. */
export const commands: readonly Command[] = [
  ceremonyCheck,
  ceremonyRun,
  ceremonyResume,
  ceremonyVerify,
  desktop,
  tokenList,
  tokenInventory,
  bundleVerify,
  bundleShow,
  lint,
  schema,
  selfCheck,
];
