import { limitKinds } from '../store/rate-limit.ts';
import type { CommandHelp, OptionHelp } from './command-line.ts';

function option(value: string, help: string, required = false): OptionHelp {
  return { type: 'string', value, help, ...(required ? { required } : {}) };
}

const common = {
  config: option('FILE', 'The configuration (YAML), which says where the admin API is', true),
  cert: option('FILE', 'Your certificate (PEM), where operators are let in by certificate'),
  key: option('FILE', 'Its key (PEM)'),
  ca: option('FILE', 'The root that the issuer’s own certificate comes from (PEM)'),
  json: { type: 'boolean', help: 'Print JSON instead of a table' },
} as const satisfies Readonly<Record<string, OptionHelp>>;

const paging = {
  after: option('ID', 'Go on behind this one'),
  limit: option('N', 'At most so many (default 100)'),
} as const;

const filter = {
  name: option('NAME', 'A name in it, exactly: www.example.com, *.example.com, 192.0.2.1'),
  serial: option('HEX', 'Its serial number'),
  spki: option('HEX', 'SHA-256 of its SubjectPublicKeyInfo'),
  account: option('ID', 'The account that ordered it'),
  directory: option('NAME', 'The directory it was ordered in'),
  issuer: option('NAME', 'The issuing CA'),
  'issued-from': option('TIME', 'Issued then or later, such as 2026-11-27T03:00:00Z'),
  'issued-before': option('TIME', 'Issued before then'),
} as const;

const kinds = limitKinds.join(', ');
const through = 'Asks the running issuer through its admin API.';

/** Commands that ask the running issuer, by the name of the act they ask for. */
export const adminCommands = {
  status: {
    summary: 'Say whether all is well, and what ends when',
    text: `${through} Problems are what it cannot work with now, as /ready says them; warnings are what ends soon: certificates, CRLs
and the bundle, with what to do. Ends with 1 when there is either.`,
    options: { ...common },
  },
  accounts: {
    summary: 'List accounts',
    text: through,
    options: {
      ...common,
      ...paging,
      id: option('ID', 'This one'),
      directory: filter.directory,
      status: option('STATUS', 'valid, deactivated or revoked'),
    },
  },
  'account-revoke': {
    summary: 'Take an account its rights',
    text: `${through} Its certificates stay as they are: revoke them with "revoke --account".`,
    options: { ...common, id: option('ID', 'The account', true), reason: option('TEXT', 'For the audit log', true) },
  },
  'account-reinstate': {
    summary: 'Give an account back the rights that an operator took',
    text: `${through} What the account gave up itself ("deactivated") stays given up.`,
    options: { ...common, id: option('ID', 'The account', true), reason: option('TEXT', 'For the audit log', true) },
  },
  orders: {
    summary: 'List orders',
    text: through,
    options: {
      ...common,
      ...paging,
      id: option('ID', 'This one'),
      account: option('ID', 'Of this account'),
      status: option('STATUS', 'pending, ready, processing, valid or invalid'),
    },
  },
  certificates: {
    summary: 'List certificates by name, serial, key, account or date',
    text: through,
    options: { ...common, ...filter, ...paging },
  },
  revoke: {
    summary: 'Revoke one certificate, or all that fit',
    text: `${through} With --dry-run it says which would be revoked and revokes none. The CRL follows within a second.`,
    options: {
      ...common,
      ...filter,
      reason: option('REASON', 'keyCompromise, superseded, … as in RFC 5280 5.3.1', true),
      'dry-run': { type: 'boolean', help: 'Revoke nothing' },
    },
  },
  'blocked-keys': {
    summary: 'List keys that no certificate is made for',
    text: `${through} A key of a certificate that is revoked for keyCompromise is one of them from then on.`,
    options: { ...common, limit: paging.limit, after: option('HEX', 'Go on behind this one') },
  },
  'key-block': {
    summary: 'Let no certificate be made for a key, in no directory',
    text: `${through} What it has been certified for is revoked by "revoke --spki".`,
    options: { ...common, spki: { ...filter.spki, required: true }, reason: option('TEXT', 'For the audit log', true) },
  },
  'key-unblock': {
    summary: 'Let certificates be made for a key again',
    text: through,
    options: { ...common, spki: { ...filter.spki, required: true }, reason: option('TEXT', 'For the audit log', true) },
  },
  bundles: { summary: 'List the bundles that were loaded', text: through, options: { ...common, limit: paging.limit } },
  limits: { summary: 'List overrides of rate limits', text: through, options: { ...common, limit: paging.limit } },
  'limit-set': {
    summary: 'Give one account, address or name other limits',
    text: through,
    options: {
      ...common,
      kind: option('KIND', kinds, true),
      subject: option('TEXT', 'DIRECTORY/ACCOUNT, DIRECTORY/ADDRESS, …', true),
      count: option('N', 'So many', true),
      period: option('SECONDS', 'in this time', true),
      reason: option('TEXT', 'For the audit log', true),
    },
  },
  'limit-drop': {
    summary: 'Go back to the limits of the configuration',
    text: through,
    options: { ...common, kind: option('KIND', kinds, true), subject: option('TEXT', 'As it was set', true) },
  },
  'eab-keys': {
    summary: 'List external account keys',
    text: through,
    options: { ...common, ...paging, directory: option('NAME', 'Of this directory', true) },
  },
  'eab-add': {
    summary: 'Make a key that lets one account be made in a directory',
    text: `${through} Prints the key’s name and its secret, which cannot be had again.`,
    options: {
      ...common,
      directory: option('NAME', 'For this directory', true),
      label: option('TEXT', 'Whose it is', true),
      reusable: { type: 'boolean', help: 'For any number of accounts' },
      expires: option('TIME', 'Good until then'),
    },
  },
  'eab-revoke': {
    summary: 'Let an external account key bind nothing any more',
    text: `${through} Accounts that it has bound stay.`,
    options: { ...common, directory: option('NAME', 'Of this directory', true), kid: option('KID', 'Its name', true) },
  },
  'eab-seal': {
    summary: 'Seal every external account key with the first sealing key',
    text: `${through} For keys stored in the clear, and those under a sealing key that is to go. All replicas must have the first key of
sealing.keyFiles by then.`,
    options: { ...common },
  },
  incidents: { summary: 'List incidents', text: through, options: { ...common } },
  'incident-add': {
    summary: 'Have clients renew everything that an issuing CA signed, by a deadline',
    text: `${through} Clients that ask (RFC 9773) are each told another time from now to the deadline.`,
    options: {
      ...common,
      issuer: option('NAME', 'The issuing CA', true),
      deadline: option('TIME', 'Renewed by then', true),
      'issued-before': option('TIME', 'Only what was issued before then (default: now)'),
      'explanation-url': option('URL', 'A page for people'),
    },
  },
  'incident-end': {
    summary: 'End an incident',
    text: through,
    options: { ...common, id: option('ID', 'The incident', true) },
  },
  audit: {
    summary: 'List what operators did',
    text: through,
    options: { ...common, after: option('N', 'Go on behind this record'), limit: paging.limit },
  },
  'audit-verify': {
    summary: 'Verify the audit log',
    text: `${through} Prints the hash of its last record. Note that elsewhere: with --head it is looked for the next time, which is how a
log whose end was cut off is found. Ends with 1 when the chain is broken.`,
    options: { ...common, head: option('HASH', 'A hash that was printed before') },
  },
} as const satisfies Readonly<Record<string, CommandHelp>>;
