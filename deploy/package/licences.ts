import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Part } from './bill.ts';
import { root } from './places.ts';

/** Licence texts of every package in the installation: their terms want them to travel along. */
export function licenceTexts(parts: readonly Part[]): string {
  return parts
    .map(({ folder, name, version, license }) => {
      const directory = path.join(root, folder);
      const files = readdirSync(directory)
        .filter((file) => /^(?:licen[cs]e|copying|notice)/iu.test(file))
        .sort();
      const texts = files.map((file) => readFileSync(path.join(directory, file), 'utf8').trim());
      return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${texts.join('\n\n')}\n`;
    })
    .join('\n');
}
