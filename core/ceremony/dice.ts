import { z } from 'zod';
import type { PlanFault } from './act.ts';

/** A cell that says: roll again. */
const again = '-';
const sides = 6;

/** Which symbol of a PIN a roll stands for: one row for one die; six rows, the first die choosing among them, for two. */
export const diceTableSchema = z.strictObject({
  symbols: z.string().regex(/^[\x21-\x2c\x2e-\x7e]{2,36}$/u, 'not 2 to 36 characters of a keyboard, without "-"'),
  rows: z
    .array(z.string().regex(/^[\x21-\x7e]{6}$/u, 'not six symbols in a row'))
    .min(1)
    .max(sides),
});
export type DiceTable = z.infer<typeof diceTableSchema>;

/**
 * What is wrong with a dice table. A symbol that was left out, or stands there twice, makes a PIN easier to guess and is
 * seen by nobody who rolls dice: the table of a real ceremony had "c d f f 0 1" for "c d e f 0 1".
 */
export function diceFaults(whose: string, { symbols, rows }: DiceTable): readonly PlanFault[] {
  const table = `the dice table of the ${whose}`;
  const faults: PlanFault[] = [];
  if (rows.length !== 1 && rows.length !== sides) {
    faults.push(['plan-dice-shape', `${table} has ${rows.length} rows: one die has one row, two dice have six`]);
  }
  const all = Array.from(symbols);
  if (new Set(all).size !== all.length) faults.push(['plan-dice-symbol-twice', `${table} lists a symbol twice`]);
  const cells = rows.flatMap((row) => Array.from(row));
  const foreign = [...new Set(cells)].filter((cell) => cell !== again && !all.includes(cell));
  if (foreign.length > 0) {
    faults.push(['plan-dice-symbol-unknown', `${table} has cells that are none of its symbols: ${foreign.join(' ')}`]);
  }
  const times = (symbol: string): number => cells.filter((cell) => cell === symbol).length;
  const missing = all.filter((symbol) => times(symbol) === 0);
  if (missing.length > 0) {
    faults.push(['plan-dice-symbol-missing', `${table} lacks the symbol ${missing.join(' ')}`]);
  }
  if (missing.length === 0 && new Set(all.map(times)).size > 1) {
    const often = all.map((symbol) => `${symbol} ${times(symbol)}`).join(', ');
    faults.push(['plan-dice-uneven', `${table} has some symbols more often than others: ${often}`]);
  }
  return faults;
}

/** The table as people at the dice need it. */
export function diceText({ rows }: DiceTable): string {
  const head = `   ${Array.from({ length: sides }, (_, index) => index + 1).join(' ')}`;
  const body = rows.map((row, index) => `${rows.length === 1 ? ' ' : index + 1}  ${Array.from(row).join(' ')}`);
  return [head, ...body].join('\n');
}
