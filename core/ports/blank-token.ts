import { CodedError } from './coded-error.ts';
import { formatTokenUri, readTokenAttributes, type Pkcs11Uri } from './pkcs11-uri.ts';
import type { TokenInfo } from './token.ts';

/** A blank token as a binding names it: by whatever is known of a device that was never in use. Never by its slot. */
export type BlankName = Partial<Omit<Pkcs11Uri, 'token'>> & {
  /** The plan's token that must be initialised first: this one is shown, or plugged in, only then. */
  readonly after?: string;
};

type BlankToken = Pick<TokenInfo, 'serial' | 'model' | 'manufacturer'>;

const scheme = 'blank:';
const order = 'after=';

/** True for `blank:` and `blank:serial=…;model=…;manufacturer=…`, which a URI and a bare serial never look like. */
export function isBlankName(text: string): boolean {
  return text.startsWith(scheme);
}

/**
 * Reads the name of a blank token: attributes as in a PKCS#11 URI, each optional, for many devices have no serial number
 * before they are initialised. `blank:` alone is the only blank token there is; `after=root` the one that is blank once
 * the plan's token `root` is not any more.
 */
export function parseBlankName(text: string): BlankName {
  const parts = text.slice(scheme.length).split(';');
  const after = parts.filter((part) => part.startsWith(order));
  const rest = parts.filter((part) => !part.startsWith(order)).join(';');
  const later = after.length === 1 ? { after: after[0]?.slice(order.length) ?? '' } : {};
  if (rest === '' && after.length < 2) return later;
  const { token, ...name } = readTokenAttributes([rest, ...after.slice(1)].join(';'));
  if (token === undefined) return { ...name, ...later };
  throw new CodedError({
    code: 'blank-token-label',
    message: 'A blank token has no label yet.',
    remedy: 'Name it by serial=…, model=… or manufacturer=…; the plan says which label it gets.',
  });
}

/** The name that fits exactly what is known of this blank token. */
export function formatBlankName({ serial, model, manufacturer }: BlankToken): string {
  const whole = formatTokenUri({ serial, model, manufacturer, label: '' });
  return `${scheme}${whole.slice('pkcs11:'.length)}`;
}

/** True when the token is one that the name fits. */
export function matchesBlank(name: BlankName, token: BlankToken): boolean {
  return (
    (name.serial ?? token.serial) === token.serial &&
    (name.model ?? token.model) === token.model &&
    (name.manufacturer ?? token.manufacturer) === token.manufacturer
  );
}
