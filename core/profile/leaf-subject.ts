import { z } from 'zod';
import { isCoded } from '../ports/coded-error.ts';
import { encodeName } from '../x509/name.ts';
import { withoutUndefined } from './subject-schema.ts';

/** The attributes that the subject of a leaf may have beside its common name. */
export const leafSubjectKeys = ['C', 'ST', 'L', 'O', 'OU'] as const;
export type LeafSubjectKey = (typeof leafSubjectKeys)[number];
/** Values of some of them. */
export type LeafSubject = { readonly [Key in LeafSubjectKey]?: string };

const text = z.string().min(1).max(128).optional();

/** Closed: what stands in neither list is in no certificate, and a CSR that asks for it is refused. */
export const leafSubjectSchema = z
  .strictObject({
    fixed: z
      .strictObject({ C: text, ST: text, L: text, O: text, OU: text })
      .prefault({})
      .meta({ description: 'What every subject says, whatever was asked for' }),
    fromRequest: z
      .array(z.enum(leafSubjectKeys))
      .max(leafSubjectKeys.length)
      .default([])
      .meta({ description: 'What a CSR may say of itself; nobody checks that it is true' }),
  })
  .superRefine(({ fixed, fromRequest }, context) => {
    const complain = (message: string, ...at: PropertyKey[]): void =>
      context.addIssue({ code: 'custom', message, path: at });
    for (const [index, key] of fromRequest.entries()) {
      if (fixed[key] !== undefined)
        complain(`${key} is fixed, and cannot come from the CSR as well`, 'fromRequest', index);
      if (fromRequest.indexOf(key) !== index) complain(`${key} stands there twice`, 'fromRequest', index);
    }
    try {
      encodeName(withoutUndefined(fixed));
    } catch (error) {
      if (!isCoded(error)) throw error;
      complain(`${error.message} ${error.remedy}`, 'fixed');
    }
  })
  .meta({ description: 'Beside the common name, which is one of the names of the order' });
export type LeafSubjectRules = z.infer<typeof leafSubjectSchema>;
