import { killPlansOf } from './killed-plans.ts';

killPlansOf(import.meta.filename);
