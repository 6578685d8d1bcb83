// `node test/bench/main.ts NAME [OPTIONS]`: benchmarks, each a file of this folder that says what it measures.
import { acmeBench } from './acme.ts';
import { ocspBench } from './ocsp.ts';
import { tokenBench } from './token.ts';

const benches: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  acme: acmeBench,
  ocsp: ocspBench,
  token: tokenBench,
};

const [name = '', ...argv] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  console.error(`Usage: node test/bench/main.ts ${Object.keys(benches).join('|')} [OPTIONS]`);
  process.exitCode = 2;
} else await bench(argv);
