import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Artefact, SecondReading } from '../../ports/second-opinion.ts';
import { toPem } from '../../x509/pem.ts';

const run = promisify(execFile);
const limits = { timeout: 30_000, maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } };

/** What `openssl version` says, or undefined where it is not installed. */
export async function opensslVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run('openssl', ['version'], limits);
    return stdout.trim().split(' ').slice(0, 2).join(' ');
  } catch {
    return undefined;
  }
}

async function openssl(...args: string[]): Promise<{ ok: boolean; text: string }> {
  try {
    const { stdout, stderr } = await run('openssl', args, limits);
    return { ok: true, text: stdout + stderr };
  } catch {
    return { ok: false, text: '' };
  }
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'mu').exec(text)?.[1];
}

function date(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function withDates(from: number | undefined, to: number | undefined): Pick<SecondReading, 'notBefore' | 'notAfter'> {
  return { ...(from === undefined ? {} : { notBefore: from }), ...(to === undefined ? {} : { notAfter: to }) };
}

/** Content octets of the serial that openssl prints in hex without a sign octet. */
function serialContent(text: string): string {
  const hex = (text.length % 2 === 0 ? text : `0${text}`).toLowerCase();
  return Number.parseInt(hex.slice(0, 2), 16) >= 0x80 ? `00${hex}` : hex;
}

async function certificateReading(by: string, own: string, issuer: string): Promise<SecondReading> {
  const { text } = await openssl('x509', '-in', own, '-noout', '-serial', '-startdate', '-enddate');
  const checks = ['-x509_strict', '-check_ss_sig', '-partial_chain', '-no_check_time', '-trusted', issuer];
  const { ok } = await openssl('verify', ...checks, own);
  const serial = field(text, 'serial');
  return {
    by,
    ...(serial === undefined ? {} : { serial: serialContent(serial) }),
    ...withDates(date(field(text, 'notBefore')), date(field(text, 'notAfter'))),
    signatureValid: ok,
  };
}

async function crlReading(by: string, own: string, issuer: string): Promise<SecondReading> {
  const { text, ok } = await openssl('crl', '-in', own, '-noout', '-lastupdate', '-nextupdate', '-CAfile', issuer);
  return {
    by,
    ...withDates(date(field(text, 'lastUpdate')), date(field(text, 'nextUpdate'))),
    signatureValid: ok && text.includes('verify OK'),
  };
}

/** The documented verification of a bundle's signature; the program says only yes or no. */
async function signatureReading(by: string, directory: string, artefact: Artefact): Promise<SecondReading> {
  if (artefact.kind !== 'signature') return { by };
  const [own, content] = [path.join(directory, 'own.cms'), path.join(directory, 'content')];
  await writeFile(own, artefact.der);
  await writeFile(content, artefact.content);
  const files = ['-inform', 'DER', '-in', own, '-content', content, '-CAfile', path.join(directory, 'issuer.pem')];
  const { ok } = await openssl(
    'cms',
    '-verify',
    '-binary',
    ...files,
    '-purpose',
    'any',
    '-no_check_time',
    '-out',
    '/dev/null',
  );
  return { by, signatureValid: ok };
}

/** Has the openssl command read and verify an artefact, strictly. */
export async function opensslReading(by: string, artefact: Artefact): Promise<SecondReading> {
  const { kind, der, issuer } = artefact;
  const directory = await mkdtemp(path.join(tmpdir(), 'coldroot-openssl-'));
  try {
    const own = path.join(directory, 'own.pem');
    const parent = path.join(directory, 'issuer.pem');
    await writeFile(parent, toPem('CERTIFICATE', issuer));
    if (kind === 'signature') return await signatureReading(by, directory, artefact);
    await writeFile(own, toPem(kind === 'certificate' ? 'CERTIFICATE' : 'X509 CRL', der));
    return kind === 'certificate' ? await certificateReading(by, own, parent) : await crlReading(by, own, parent);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
