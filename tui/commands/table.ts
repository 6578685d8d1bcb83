import type { Command } from '../cli/command.ts';
import { ceremonyCheck } from './ceremony-check.ts';
import { ceremonyResume } from './ceremony-resume.ts';
import { ceremonyRun } from './ceremony-run.ts';

/** Every command, in the order `coldroot --help` lists them. To add one: write its file, put it here. */
export const commands: readonly Command[] = [ceremonyCheck, ceremonyRun, ceremonyResume];
