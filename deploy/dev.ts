// `npm run dev -- FACE`: one face of the product from its sources, with everything around it set up, for whoever changes it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildRenderer } from './build-renderer.ts';
import { startPostgres } from './postgres/embedded.ts';
import { writeAnswers } from './first-run/ceremonies.ts';
import { places } from './first-run/places.ts';
import { say } from './first-run/say.ts';
import { prepareTokens, softhsmModule } from './first-run/tokens.ts';
import { servePage } from './serve-page.ts';

const usage = `npm run dev -- ceremony [PLAN]   the terminal app on fresh SoftHSM tokens, by keyboard (default: the root plan)
npm run dev -- script [PLAN]     the same plan unattended, as a plain log
npm run dev -- issuer            the issuer of the last npm start, from source, its log here
npm run dev -- window            the window alone in any browser, with a made-up host: every screen, no device

The PINs of the tokens are in .coldroot/pins/. The bundled programs are rebuilt at every start of this command.
`;

const held = path.join(places.state, 'dev');

function run(args: readonly string[]): number {
  return spawnSync(process.execPath, args, { cwd: places.root, stdio: 'inherit' }).status ?? 1;
}

/** A ceremony on tokens that hold nothing: those of the last time are thrown away. */
function ceremony(plan: string, unattended: boolean): number {
  rmSync(held, { recursive: true, force: true });
  mkdirSync(held, { recursive: true });
  const own = path.join(held, 'tokens');
  mkdirSync(own);
  const conf = path.join(held, 'softhsm2.conf');
  writeFileSync(conf, `directories.tokendir = ${own}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const tokens = prepareTokens(conf);
  const binding = path.join(held, 'binding.yaml');
  const serial = tokens.get('root') ?? '';
  writeFileSync(
    binding,
    `coldroot-binding: 1
modules: { softhsm: { path: ${softhsmModule()}, environment: { SOFTHSM2_CONF: ${conf} } } }
tokens: { root: "pkcs11:serial=${serial}" }
`,
  );
  say(`PIN of the token "root": cat ${path.relative(places.root, path.join(places.pins, 'root.pin'))}`);
  writeAnswers();
  const answers = unattended ? ['--answers', places.answers, '--plain'] : [];
  const directory = path.join(held, 'ceremony');
  return run([
    places.coldroot,
    'ceremony',
    'run',
    plan,
    '--binding',
    binding,
    '--rehearse',
    '--dir',
    directory,
    ...answers,
  ]);
}

async function issuer(): Promise<number> {
  if (!existsSync(places.issuerConfig)) {
    say('There is no issuer yet: run npm start -- --once first.');
    return 1;
  }
  const postgres = await startPostgres({ directory: places.postgres });
  writeFileSync(places.databaseUrl, `${postgres.url}\n`, { mode: 0o600 });
  try {
    return run([path.join(places.root, 'issuer/main.ts'), 'serve', '--migrate', '--config', places.issuerConfig]);
  } finally {
    await postgres.stop();
  }
}

/** The page alone. Its scenarios are chosen by the title of the plan. */
async function window(): Promise<void> {
  const folder = path.join(held, 'window');
  await buildRenderer('dev', folder);
  const { url } = await servePage(folder);
  say(`The window, with a made-up host: ${url}`);
  say('Ctrl-C ends it. A change of its sources needs a new start of this command.');
}

const [face, plan] = process.argv.slice(2);
if (face === 'ceremony' || face === 'script')
  process.exitCode = ceremony(plan ?? places.plan('root'), face === 'script');
else if (face === 'window') await window();
else if (face === 'issuer') {
  // Ctrl-C is for the issuer; the database is stopped after it.
  process.on('SIGINT', () => {});
  process.exitCode = await issuer();
} else {
  say(usage);
  process.exitCode = face === undefined || face === '--help' ? 0 : 2;
}
