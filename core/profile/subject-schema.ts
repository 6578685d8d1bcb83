import { z } from 'zod';
import { encodeName, maximumCommonNameLength } from '../x509/name.ts';
import { isCoded } from '../ports/coded-error.ts';

/** What marks the common name of everything a rehearsal makes. No production plan may use it. */
export const rehearsalPrefix = 'REHEARSAL ';

const text = z.string().min(1).max(128);

/**
 * A CA's subject: C, O and CN are required and OU is not among the attributes (BR 7.1.2.10.2). The common name leaves
 * room for the rehearsal's mark, so that a plan that can be held can also be rehearsed.
 */
export const subjectSchema = z
  .strictObject({
    DC: z.array(text).optional(),
    C: z.string(),
    ST: text.optional(),
    L: text.optional(),
    O: text,
    CN: z
      .string()
      .min(1)
      .max(maximumCommonNameLength - rehearsalPrefix.length),
    serialNumber: text.optional(),
  })
  .superRefine((subject, context) => {
    if (subject.CN.startsWith(rehearsalPrefix.trim())) {
      const message = `the common name may not start with "${rehearsalPrefix.trim()}": that marks rehearsals`;
      context.addIssue({ code: 'custom', message, path: ['CN'] });
    }
    try {
      encodeName(withoutUndefined(subject));
    } catch (error) {
      if (!isCoded(error)) throw error;
      context.addIssue({ code: 'custom', message: `${error.message} ${error.remedy}` });
    }
  });

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** The same object without keys whose value is undefined: zod leaves them, `exactOptionalPropertyTypes` forbids them. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
