import { tags } from '../../core/der/tags.ts';
import { encodeName } from '../../core/x509/name.ts';
import { oids } from '../../core/x509/oids.ts';
import { attribute, cert, commonName, country, name, organization, type Cases } from './lint-pieces.ts';
import { subjects } from './lint-world.ts';

const leaf = cert('leaf');
const issuing = cert('issuing');

/** Names of issuer and subject. */
export const nameCases: Cases = {
  'cert-issuer-not-empty': { refused: cert('leaf', {}, { issuer: name() }), accepted: leaf },
  'cert-name-readable': {
    refused: cert('leaf', {}, { subject: name([attribute(oids.commonName, 'www_1', tags.printableString)]) }),
    accepted: leaf,
  },
  'cert-name-string-types': {
    refused: cert(
      'issuing',
      {},
      {
        subject: name([country], [attribute(oids.organizationName, 'Example Corp', tags.bmpString)], [commonName]),
      },
    ),
    accepted: cert('issuing', {}, { subject: encodeName({ DC: ['example', 'corp'], ...subjects.issuing }) }),
  },
  'cert-name-lengths': {
    refused: cert(
      'issuing',
      {},
      { subject: name([country], [organization], [attribute(oids.commonName, 'I'.repeat(65))]) },
    ),
    accepted: cert(
      'issuing',
      {},
      {
        subject: name([country], [organization], [attribute(oids.commonName, 'I'.repeat(64))]),
      },
    ),
  },
  'cert-name-no-repeats': {
    refused: cert('issuing', {}, { subject: name([country], [organization], [organization], [commonName]) }),
    accepted: cert('issuing', {}, { subject: encodeName({ DC: ['example', 'corp'], ...subjects.issuing }) }),
  },
  'cert-name-single-valued': {
    refused: cert('issuing', {}, { subject: name([country], [organization, commonName]) }),
    accepted: issuing,
  },
  'cert-name-order': {
    refused: cert('issuing', {}, { subject: name([commonName], [organization], [country]) }),
    accepted: cert('issuing', {}, { subject: encodeName({ ...subjects.issuing, ST: 'Ohio', serialNumber: '17' }) }),
  },
  'cert-name-visible': {
    refused: cert(
      'issuing',
      {},
      { subject: name([country], [organization], [attribute(oids.commonName, 'Example\u200b Corp Issuing I1')]) },
    ),
    accepted: cert('issuing', {}, { subject: name([country], [organization], [attribute(oids.commonName, 'علی\u200cرضا')]) }),
    more: {
      'refused-turned': cert(
        'issuing',
        {},
        { subject: name([country], [organization], [attribute(oids.commonName, 'Example \u202e1I')]) },
      ),
      'refused-spaces': cert(
        'issuing',
        {},
        { subject: name([country], [attribute(oids.organizationName, ' Example Corp')], [commonName]) },
      ),
    },
  },
  'cert-name-closed-world': {
    refused: cert(
      'issuing',
      {},
      {
        subject: name(
          [country],
          [organization],
          [commonName],
          [attribute(oids.emailAddress, 'ca@example.com', tags.ia5String)],
        ),
      },
    ),
    accepted: issuing,
  },
};
