import { z } from 'zod';
import { slugSchema } from '../bundle/manifest.ts';
import { waiverSchema } from '../lint/waiver.ts';
import { planProfileSchema, policyOid } from '../profile/profile.ts';
import { roleSchema, rolesSchema } from './roles.ts';

/** Roles who must each do something. One named twice would be asked once, and look like two people in the plan. */
const eachOnce = z
  .array(roleSchema)
  .min(1)
  .max(4)
  .refine((by) => new Set(by).size === by.length, 'a role is named twice: whoever holds it is asked once');

/** What every act's configuration has. `by` names the roles who must each confirm it. */
export const actBase = {
  by: eachOnce.default(['administrator']),
};

/** An act as the plan has it; each act's own schema says what else may stand there. */
export interface ActConfig {
  readonly do: string;
  readonly by: readonly z.infer<typeof roleSchema>[];
}

/** Everything in a plan but its acts. */
export const planHead = {
  coldroot: z.literal(1),
  title: z.string().min(3).max(120),
  hierarchy: slugSchema,
  /** Whether the ceremony continues from the bundle of the one before it. */
  previous: z.enum(['none', 'required']).default('none'),
  /** The program the plan was reviewed and rehearsed with: another version may make other bytes. */
  software: z
    .strictObject({
      version: z.string().min(1).max(64),
      /** SHA-256 of the program, as `check-room` shows it. */
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex')
        .optional(),
    })
    .optional(),
  /** Policies that every CA certificate of this plan must assert. */
  policies: z.array(policyOid).min(1).max(10).optional(),
  /** Whether it must have been rehearsed: then the sealed transcript of a rehearsal of exactly this plan is demanded. */
  rehearsed: z.boolean().default(false),
  roles: rolesSchema,
  /** Tokens by logical name; the binding says which device each is. */
  tokens: z.record(slugSchema, z.strictObject({ for: z.string().min(3).max(200) })),
  /**
   * Keys of earlier ceremonies, by their name in the previous bundle, and the token each is on; none where it is elsewhere.
   * `certified: false` is one that has no certificate there, such as one made for a request.
   */
  existing: z
    .record(slugSchema, z.strictObject({ token: slugSchema.optional(), certified: z.boolean().default(true) }))
    .default({}),
  profiles: z.record(slugSchema, planProfileSchema),
  /** Who must approve the exact bytes of every certificate, CRL and request before they are signed. */
  approvals: z
    .strictObject({
      quorum: z.int().min(1).max(20),
      by: eachOnce,
      /** Officers who approve with a key of their own: by name, the token it is on and the SHA-256 of its public key. */
      keys: z
        .record(
          z.string().min(2).max(100),
          z.strictObject({
            token: slugSchema,
            spki: z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex'),
          }),
        )
        .default({}),
    })
    .optional(),
  waivers: z.array(waiverSchema).max(50).default([]),
};

const headSchema = z.strictObject(planHead);

/** A plan whose shape has been checked. */
export type Plan = z.infer<typeof headSchema> & { readonly acts: readonly ActConfig[] };
