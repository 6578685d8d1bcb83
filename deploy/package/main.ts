// `npm run package -- [FOLDER]`: the offline installation, as it is carried to an air-gapped machine (docs/install.md).
import path from 'node:path';
import { hexGroups, wordRows } from '../../core/ceremony/words.ts';
import { makePackage } from './make.ts';
import { root } from './places.ts';

const out = path.resolve(process.argv[2] ?? path.join(root, 'release'));
const { files, list } = makePackage(out);
process.stdout.write(`${files.map((file) => path.join(out, file)).join('\n')}

What "coldroot self-check" must show on the machine it is installed on, to be read from paper there:
  ${hexGroups(list)}
  ${wordRows(list).join('\n  ')}
`);
