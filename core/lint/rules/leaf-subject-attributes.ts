import { attributeTypes } from '../../x509/name.ts';
import { oidName, oids } from '../../x509/oids.ts';
import { listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const keys = new Map<string, string>(attributeTypes.map(({ oid, key }) => [oid, key]));

export const leafSubjectAttributes: CertificateRule = {
  id: 'leaf-subject-attributes',
  clause: 'BR 7.1.2.7.2 (domain validated)',
  demand:
    'A leaf’s subject is empty or holds a common name, and beside it exactly what its profile fixes and at most what the profile takes from the request.',
  appliesTo: ['leaf'],
  check: ({ tbs, profile }) => {
    const rules = profile?.type === 'leaf' ? profile.subject : undefined;
    const fixed = new Map<string, string | undefined>(Object.entries(rules?.fixed ?? {}));
    const fromRequest: readonly string[] = rules?.fromRequest ?? [];
    const attributes = (namesOf(tbs.subject) ?? []).flat();
    const wrong = attributes.flatMap(({ oid, value }) => {
      const key = keys.get(oid) ?? oid;
      const good = oid === oids.commonName || fixed.get(key) === value || fromRequest.includes(key);
      return good ? [] : [oidName(oid)];
    });
    const there = new Set(attributes.map(({ oid }) => keys.get(oid)));
    const lacking = [...fixed].flatMap(([key, value]) => (value === undefined || there.has(key) ? [] : [`no ${key}`]));
    return listed([...wrong, ...lacking]);
  },
};
