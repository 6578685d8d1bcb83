import { z } from 'zod';
import { slugSchema } from '../bundle/manifest.ts';
import { parseStrictYaml, type YamlVerdict } from '../profile/strict-yaml.ts';

const path = z.string().min(1).max(1000);
/** Variables a vendor's module may need. None of them may carry a secret: that is what a PIN prompt is for. */
const environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/u, 'not a variable name'), z.string().max(1000));

/**
 * What stands for the plan's names on this machine: modules, devices, files. Never a PIN. Relative paths count from
 * the binding file's folder.
 */
export const bindingSchema = z.strictObject({
  'coldroot-binding': z.literal(1),
  /** PKCS#11 modules by a name of one's own. */
  modules: z.record(slugSchema, z.strictObject({ path, environment: environment.default({}) })),
  /**
   * The plan's tokens as RFC 7512 URIs; the serial is required, the slot is refused. A token that the plan initialises
   * is `blank:`, with serial=…, model=… or manufacturer=… behind it where several are blank, and after=NAME where it is shown or
   * plugged in only when that other token was initialised.
   */
  tokens: z.record(slugSchema, z.string().min(6).max(1000)),
  /** The bundle of the ceremony before this one, and the root fingerprint it is checked against. */
  previous: z
    .strictObject({ bundle: path, root: z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex') })
    .optional(),
  /** The bundle that a rehearsal of exactly this plan left, and the fingerprint of the root that it made or went on from. */
  rehearsal: z
    .strictObject({ bundle: path, root: z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex') })
    .optional(),
  /** Files the plan names, such as CSRs. */
  files: z.record(slugSchema, path).default({}),
  /** Folder for the bundle and the certificates, such as a removable medium; `out` in the ceremony's own folder if absent. */
  output: path.optional(),
});
export type Binding = z.infer<typeof bindingSchema>;

/** Reads a binding file; refusals name line and column. */
export function parseBinding(text: string, file: string): YamlVerdict<Binding> {
  return parseStrictYaml(text, file, bindingSchema);
}
