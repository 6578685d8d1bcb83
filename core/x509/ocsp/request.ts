import { DerReader } from '../../der/reader.ts';
import { contextConstructedTag, tags } from '../../der/tags.ts';
import { readExtensions, type Extension } from '../extensions/extension.ts';
import { oids } from '../oids.ts';
import { readCertId, type CertId } from './cert-id.ts';
import { ocspError } from './ocsp-error.ts';

/** Longest request read: sixteen questions and a signature with its certificate fit. */
export const maximumOcspRequestBytes = 4096;
/** Most certificates one request may ask about; clients ask about one (RFC 5019 §2.1.1). */
const maximumQuestions = 16;
/** RFC 9654 §2.1: a nonce of none or of more octets must be refused. */
const maximumNonceBytes = 128;

/** An OCSP request as far as an answer depends on it. Everything in it is a view of the input. */
export interface OcspRequest {
  readonly requests: readonly CertId[];
  readonly nonce: Uint8Array | undefined;
}

function readVersion(tbs: DerReader): void {
  const explicit = tbs.enterOptional(contextConstructedTag(0));
  if (explicit === undefined) return;
  // DER leaves the default v1 out; a client that spells it out asks the same question.
  const version = explicit.smallInteger(255);
  explicit.end();
  if (version === 0) return;
  throw ocspError('ocsp-request-version', `The request is of version ${version + 1}.`, 'Ask with OCSP version 1.');
}

/** `[number] EXPLICIT` around one element whose content changes no answer. */
function readOver(reader: DerReader, number: number, tag?: number): void {
  const explicit = reader.enterOptional(contextConstructedTag(number));
  explicit?.element(tag);
  explicit?.end();
}

/** Extensions where there are any; `ocsp-request-critical` for a critical one that is not among `known`. */
function readOptionalExtensions(reader: DerReader, number: number, known: readonly string[]): readonly Extension[] {
  const explicit = reader.enterOptional(contextConstructedTag(number));
  if (explicit === undefined) return [];
  const extensions = readExtensions(explicit.enter());
  explicit.end();
  const refused = extensions.find(({ critical, oid }) => critical && !known.includes(oid));
  if (refused === undefined) return extensions;
  throw ocspError(
    'ocsp-request-critical',
    `The request insists on the extension ${refused.oid}, which is not known here.`,
    'Ask without it, or mark it as not critical.',
  );
}

function readNonce(value: Uint8Array): Uint8Array {
  const reader = DerReader.over(value);
  const nonce = reader.octetString();
  reader.end();
  if (nonce.length > 0 && nonce.length <= maximumNonceBytes) return nonce;
  throw ocspError(
    'ocsp-request-nonce',
    `The request’s nonce is ${nonce.length} octets long.`,
    `Ask with a nonce of 1 to ${maximumNonceBytes} octets (best 32, RFC 9654 §2.1), or with none.`,
  );
}

function readQuestions(list: DerReader): readonly CertId[] {
  const questions: CertId[] = [];
  while (!list.atEnd) {
    if (questions.length >= maximumQuestions) {
      throw ocspError(
        'ocsp-request-too-many',
        `The request asks about more than ${maximumQuestions} certificates.`,
        'Ask about fewer at a time.',
      );
    }
    const question = list.enter();
    questions.push(readCertId(question));
    readOptionalExtensions(question, 0, []);
    question.end();
  }
  if (questions.length > 0) return questions;
  throw ocspError('ocsp-request-empty', 'The request asks about no certificate.', 'Ask about at least one.');
}

/**
 * Reads an OCSPRequest (RFC 6960 §4.1.1). A signature and a requestor's name are read over: answers are the same for
 * everybody. Refusals are `ocsp-request-…` errors, and `der-…` or `x509-extension-repeated` where the encoding is wrong.
 */
export function readOcspRequest(raw: Uint8Array): OcspRequest {
  if (raw.length > maximumOcspRequestBytes) {
    throw ocspError(
      'ocsp-request-too-long',
      `The request is longer than ${maximumOcspRequestBytes} octets.`,
      'Ask about fewer certificates at a time, and do not sign the request.',
    );
  }
  const outer = DerReader.over(raw);
  const request = outer.enter();
  outer.end();
  const tbs = request.enter();
  readOver(request, 0, tags.sequence);
  request.end();
  readVersion(tbs);
  readOver(tbs, 1);
  const requests = readQuestions(tbs.enter());
  const extensions = readOptionalExtensions(tbs, 2, [oids.ocspNonce]);
  tbs.end();
  const nonce = extensions.find(({ oid }) => oid === oids.ocspNonce);
  return { requests, nonce: nonce === undefined ? undefined : readNonce(nonce.value) };
}
