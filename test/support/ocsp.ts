// What OpenSSL asks an OCSP responder, and what it says of the answer.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { toPem } from '../../core/x509/pem.ts';
import type { TestIssuer } from './issuer.ts';

const run = promisify(execFile);

/** What is needed of an issuer to ask about its CA. */
type OcspSite = Pick<TestIssuer, 'directory' | 'ports' | 'rootFile' | 'hierarchy'>;

/** Questions and answers about the certificates of an issuer's CA, by `openssl ocsp`. */
export class OpensslOcsp {
  readonly #issuer: OcspSite;
  readonly #caFile: string;

  constructor(issuer: OcspSite) {
    this.#issuer = issuer;
    this.#caFile = path.join(issuer.directory, `issuing-${randomUUID()}.pem`);
    writeFileSync(this.#caFile, toPem('CERTIFICATE', issuer.hierarchy.issuing.raw));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#issuer.ports.publish}/ocsp/issuing-i1`;
  }

  /** Everything it prints; it fails by itself where no answer came that it can read. */
  async #openssl(...argv: string[]): Promise<string> {
    const { stdout, stderr } = await run('openssl', ['ocsp', ...argv]);
    return `${stdout}${stderr}`;
  }

  #trust(): string[] {
    return ['-CAfile', this.#issuer.rootFile, '-verify_other', this.#caFile];
  }

  #file(contents: string | Uint8Array): string {
    const file = path.join(this.#issuer.directory, `ocsp-${randomUUID()}`);
    writeFileSync(file, contents);
    return file;
  }

  #about(question: Question): string[] {
    return 'pem' in question ? ['-cert', this.#file(question.pem)] : ['-serial', question.serial];
  }

  /** Asks over HTTP, by POST, and checks the answer. */
  async ask(question: Question, ...more: string[]): Promise<string> {
    const about = ['-issuer', this.#caFile, ...this.#about(question)];
    return this.#openssl(...about, '-url', this.url, ...this.#trust(), '-resp_text', ...more);
  }

  /** A request (DER) for other ways to ask. */
  async request(question: Question, ...more: string[]): Promise<Uint8Array> {
    const file = this.#file('');
    await this.#openssl('-issuer', this.#caFile, ...this.#about(question), '-reqout', file, ...more);
    return readFileSync(file);
  }

  /** What it reads in an answer that came another way, checked. */
  async read(answer: Uint8Array, question: Question): Promise<string> {
    const about = ['-issuer', this.#caFile, ...this.#about(question)];
    return this.#openssl('-respin', this.#file(answer), ...about, ...this.#trust(), '-no_nonce', '-resp_text');
  }
}

/** A certificate (PEM, its chain behind it or not), or a serial number that OpenSSL takes. */
export type Question = { readonly pem: string } | { readonly serial: string };
