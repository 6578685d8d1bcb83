import { z } from 'zod';
import type { LeafProfile } from '../../core/profile/profile.ts';
import { durationBetween } from './config-parts.ts';

const hour = 3600;

export const ocspSchema = z.strictObject({
  lifetime: durationBetween(hour, 7 * 24 * hour)
    .default('1d')
    .meta({ description: 'From thisUpdate to nextUpdate; an answer is signed anew after half of it' }),
  ahead: durationBetween(hour, 90 * 24 * hour)
    .default('7d')
    .meta({
      description: 'Answers are signed anew by themselves for so long after somebody has asked',
    }),
  nonces: z.boolean().default(true).meta({ description: 'Repeat nonces (RFC 9654): each such answer is a signature' }),
});

export const noResponder = 'certificates would name an OCSP responder, and "ocsp" is not configured';

/** Where profiles of directories name an OCSP responder. */
export function namedResponders(
  directories: Readonly<
    Record<
      string,
      {
        readonly profile: LeafProfile;
        readonly profiles: Readonly<Record<string, { readonly profile?: LeafProfile | undefined }>>;
      }
    >
  >,
): readonly string[][] {
  return Object.entries(directories).flatMap(([name, { profile, profiles }]) => [
    ...(profile.ocsp === undefined ? [] : [['directories', name, 'profile', 'ocsp']]),
    ...Object.entries(profiles).flatMap(([key, each]) =>
      each.profile?.ocsp === undefined ? [] : [['directories', name, 'profiles', key, 'profile', 'ocsp']],
    ),
  ]);
}
