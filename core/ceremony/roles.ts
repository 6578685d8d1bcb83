import { z } from 'zod';

/** Trusted Roles (BR 5.2.1) as plans name them. */
export const roles = ['administrator', 'officer', 'witness', 'auditor'] as const;
export type Role = (typeof roles)[number];
export const roleSchema = z.enum(roles);

/** How many people hold a role, and how many of them must be in the room. */
const seatsSchema = z.union([
  z.int().min(0).max(20),
  z
    .strictObject({ of: z.int().min(1).max(20), quorum: z.int().min(1).max(20) })
    .refine(({ of, quorum }) => quorum <= of, 'the quorum is larger than the number of people'),
]);

export const rolesSchema = z.strictObject({
  administrator: seatsSchema.default(1),
  officer: seatsSchema.default(0),
  witness: seatsSchema.default(0),
  auditor: seatsSchema.default(0),
});
export type Roles = z.infer<typeof rolesSchema>;

/** Fewest and most people of a role who may attend. */
export function seats(all: Roles, role: Role): { readonly minimum: number; readonly maximum: number } {
  const value = all[role];
  return typeof value === 'number' ? { minimum: value, maximum: value } : { minimum: value.quorum, maximum: value.of };
}
