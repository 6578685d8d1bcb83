import { actsByName } from './acts/registry.ts';
import { fact } from './facts.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyCertificate, CeremonyKey, CeremonyState } from './state.ts';

/** How a key came to be where it is, where this ceremony is the reason. */
const keyLabels: Readonly<Partial<Record<CeremonyKey['origin'], string>>> = {
  generated: 'key made',
  wrapping: 'wrapping key made',
  restored: 'key restored',
};

/** Whether this ceremony made a certificate, or took it over from the bundle before. */
export function madeHere({ profile }: CeremonyCertificate): boolean {
  return profile !== undefined;
}

/** Key names of the CAs whose CRL this ceremony made. */
export function crlsMadeHere({ beginning: { plan }, index }: CeremonyState): ReadonlySet<string> {
  const done = plan.acts.slice(0, index).map((act) => actsByName.get(act.do)?.references(act, plan).makesCrl);
  return new Set(done.filter((issuer) => issuer !== undefined));
}

/** Tokens this ceremony made ready for use, by what later bindings call them. */
function tokenFacts({ beginning: { plan, tokens }, index }: CeremonyState): readonly Fact[] {
  return plan.acts.slice(0, index).flatMap((act) => {
    const name = actsByName.get(act.do)?.references(act, plan).initializes?.token;
    const token = name === undefined ? undefined : tokens[name];
    return token === undefined ? [] : [fact('token initialised', `${token.label}, in later bindings ${token.uri}`)];
  });
}

function keptFacts(certificates: readonly string[], crls: readonly string[]): readonly Fact[] {
  const kept = [...certificates, ...crls];
  return kept.length === 0 ? [] : [fact('kept from before', kept.join(', '))];
}

/** What the ceremony has made, beside its bundle, and then what it only carries on: the two are not the same to an auditor. */
export function madeFacts(state: CeremonyState): readonly Fact[] {
  const certificates = Object.entries(state.certificates);
  const crls = Object.entries(state.crls).map(([issuer, { number }]) => ({ issuer, number }));
  const own = crlsMadeHere(state);
  return [
    ...tokenFacts(state),
    ...Object.entries(state.keys).flatMap(([name, { origin, algorithm, token = '' }]) => {
      const label = keyLabels[origin];
      return label === undefined ? [] : [fact(label, `${name} (${algorithm}) on token ${token}`)];
    }),
    ...certificates
      .filter(([, one]) => madeHere(one))
      .map(([name, { type }]) => fact('certificate made', `${name} (${type})`)),
    ...crls
      .filter(({ issuer }) => own.has(issuer))
      .map(({ issuer, number }) => fact('CRL made', `of ${issuer}, number ${number}`)),
    ...keptFacts(
      certificates.filter(([, one]) => !madeHere(one)).map(([name]) => name),
      crls.filter(({ issuer }) => !own.has(issuer)).map(({ issuer, number }) => `CRL of ${issuer} number ${number}`),
    ),
  ];
}
